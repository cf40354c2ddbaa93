import { Button, SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import type {
  CoefficientBasis,
  CoefficientRow,
  CoefficientSummary,
  CollinearitySummary,
  ModelSummary,
} from '../../../core/jobs/study-contract.ts';
import { type PathMeasure, regularisationPathFigure } from '../../../core/reports/figures/regularisation-path.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { PlainTable, type TableColumn } from '../../components/plain-table.tsx';
import { formatNumber, formatPercent, unbroken } from '../../format.ts';
import { saveFile } from '../../save-file.ts';
import { useChoice } from '../../shell/view.ts';
import { useStudio } from '../../studio-context.ts';
import { ModelAnswer } from './model-answer.tsx';

const basisLabels: Readonly<Record<CoefficientBasis, string>> = {
  likelihood: 'Refit without penalty',
  robust: 'Refit under the training weights',
  bootstrap: 'The model itself',
};

/** What the logistic regression says of each input, how sure that is, and how it came by its penalty. */
export default function CoefficientsView({ model }: { model: ModelSummary }) {
  return (
    <div className="stack">
      <Coefficients model={model} />
      <Path model={model} />
      <Alike model={model} />
    </div>
  );
}

function Coefficients({ model }: { model: ModelSummary }) {
  const { host } = useStudio();
  const [by, setBasis] = useChoice('intervals', Object.keys(basisLabels) as CoefficientBasis[]);
  const [bases, setBases] = useState<readonly string[]>(['likelihood']);
  const question = useMemo(
    () =>
      ({
        key: `coefficients ${by}`,
        task: 'coefficients',
        name: 'Working out coefficients',
        ask: (options) => host.study.coefficients({ by }, options),
      }) as const satisfies Parameters<typeof ModelAnswer<CoefficientSummary>>[0]['question'],
    [host, by],
  );
  return (
    <section className="stack close" aria-label="What each input does">
      <SegmentedControl
        className="wrapping"
        style={{ alignSelf: 'flex-start' }}
        aria-label="Where coefficients and intervals come from"
        value={by}
        onChange={setBasis}
        data={Object.entries(basisLabels)
          .filter(([value]) => value === by || bases.includes(value))
          .map(([value, label]) => ({ value, label }))}
      />
      <ModelAnswer key={by} model={model} question={question}>
        {(answer) => <Estimates answer={answer} onBases={setBases} />}
      </ModelAnswer>
    </section>
  );
}

function Estimates({
  answer,
  onBases,
}: {
  answer: CoefficientSummary;
  /** Told which other ways to intervals mean something for this model. */
  onBases: (bases: readonly string[]) => void;
}) {
  useEffect(() => onBases(answer.bases), [answer, onBases]);
  const isNarrow = useMediaQuery('(max-width: 640px)');
  const bars = answer.figure.series[0]?.x.length ?? 0;
  return (
    <>
      <p>{unbroken(answer.verdict)}</p>
      <p className="notice small">{answer.notes.join(' ')}</p>
      <FigureView key={answer.by} figure={answer.figure} height={bars * (isNarrow ? 40 : 26) + 70} />
      <div className="row apart">
        <h2 className="section-title">Every input, and its odds in words</h2>
        <Button variant="default" size="compact-sm" onClick={() => saveFile(answer.file)}>
          Download CSV
        </Button>
      </div>
      <PlainTable
        label="Coefficients"
        rows={answer.rows}
        rowKey={(row) => row.name}
        maxHeight={420}
        columns={columnsOf(answer.rows)}
      />
      {answer.dropped.length > 0 && (
        <details className="more">
          <summary>
            {answer.dropped.length} inputs have no coefficient of their own: others determine them exactly
          </summary>
          <p className="muted small">{answer.dropped.join(', ')}</p>
        </details>
      )}
    </>
  );
}

function columnsOf(rows: readonly CoefficientRow[]): readonly TableColumn<CoefficientRow>[] {
  const number = (
    title: string,
    of: (row: CoefficientRow) => number | undefined,
    format: (value: number) => string = formatNumber,
  ): readonly TableColumn<CoefficientRow>[] =>
    rows.some((row) => of(row) !== undefined)
      ? [{ title, number: true, sort: (row) => of(row) ?? 0, renderCell: (row) => format(of(row) ?? Number.NaN) }]
      : [];
  return [
    { title: 'Input', sort: (row) => row.name, renderCell: (row) => <span className="cell-name">{row.name}</span> },
    ...number('Coefficient', (row) => row.coefficient),
    {
      title: '95 % interval',
      number: true,
      renderCell: (row) => (
        <span className="nowrap">
          {formatNumber(row.low)} to {formatNumber(row.high)}
        </span>
      ),
    },
    ...number('Standard error', (row) => row.standardError),
    ...number('z', (row) => row.z),
    ...number('p-value', (row) => row.pValue, formatChance),
    ...number('Kept in', (row) => row.keptShare, formatPercent),
    ...number('Odds ratio', (row) => row.oddsRatio),
    { title: 'In words', renderCell: (row) => <div className="cell-words">{unbroken(row.words)}</div> },
  ];
}

const formatChance = (chance: number): string => (chance < 0.001 ? '< 0.001' : chance.toFixed(3));

const measureLabels: Readonly<Record<PathMeasure, string>> = { loss: 'Log-loss', auc: 'AUC' };

function Path({ model }: { model: ModelSummary }) {
  const [measure, setMeasure] = useChoice('path', Object.keys(measureLabels) as PathMeasure[]);
  const figure = regularisationPathFigure(model.rounds, { bestRound: model.bestRound, measure });
  return (
    <section className="stack close" aria-label="Penalty">
      <h2 className="section-title">The penalty</h2>
      {figure ? (
        <>
          <SegmentedControl
            style={{ alignSelf: 'flex-start' }}
            aria-label="Measure of the path"
            value={measure}
            onChange={setMeasure}
            data={Object.entries(measureLabels).map(([value, label]) => ({ value, label }))}
          />
          <FigureView key={measure} figure={figure} height={260} />
        </>
      ) : (
        <p className="muted small">
          Only one penalty was tried. With choose_C on and a penalty, training tries many values of C and draws here how
          each does on validation customers.
        </p>
      )}
    </section>
  );
}

function Alike({ model }: { model: ModelSummary }) {
  const { host } = useStudio();
  const isNarrow = useMediaQuery('(max-width: 640px)');
  const question = useMemo(
    () =>
      ({
        key: 'collinearity',
        task: 'collinearity',
        name: 'Comparing inputs',
        ask: (options) => host.study.collinearity({}, options),
      }) as const satisfies Parameters<typeof ModelAnswer<CollinearitySummary>>[0]['question'],
    [host],
  );
  return (
    <section className="stack close" aria-label="Inputs that say the same">
      <h2 className="section-title">Inputs that say the same</h2>
      <ModelAnswer model={model} question={question}>
        {(answer) => (
          <>
            <p>{unbroken(answer.verdict)}</p>
            <FigureView
              figure={answer.figure}
              height={(answer.figure.series[0]?.x.length ?? 0) * (isNarrow ? 36 : 24) + 70}
            />
            {answer.notes.length > 0 && (
              <details className="more">
                <summary>What to beware of, input by input ({answer.notes.length})</summary>
                <ul className="findings stack tight">
                  {answer.notes.map((note) => (
                    <li key={note} className="small">
                      {note}
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </>
        )}
      </ModelAnswer>
    </section>
  );
}
