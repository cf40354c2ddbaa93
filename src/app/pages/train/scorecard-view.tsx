import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo } from 'react';
import type { ModelSummary, ScorecardSummary } from '../../../core/jobs/study-contract.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Stats } from '../../components/stats.tsx';
import { formatInteger, formatNumber, formatPercent, unbroken } from '../../format.ts';
import { saveFile } from '../../save-file.ts';
import { useStudio } from '../../studio-context.ts';
import { ModelAnswer } from './model-answer.tsx';

/** A score that can be added up by hand, for those who must explain it. */
export default function ScorecardView({ model }: { model: ModelSummary }) {
  const { host } = useStudio();
  const question = useMemo(
    () =>
      ({
        key: 'scorecard',
        task: 'scorecard',
        name: 'Fitting a scorecard',
        ask: (options) => host.study.scorecard({}, options),
      }) as const satisfies Parameters<typeof ModelAnswer<ScorecardSummary>>[0]['question'],
    [host],
  );
  return (
    <ModelAnswer model={model} question={question}>
      {(answer) => <Card answer={answer} />}
    </ModelAnswer>
  );
}

function Card({ answer: { card, figure, file, verdict } }: { answer: ScorecardSummary }) {
  const isNarrow = useMediaQuery('(max-width: 640px)');
  const { scale } = card;
  const lines = card.features.flatMap((feature) =>
    feature.bins.map((bin) => ({ ...bin, feature: feature.name, key: `${feature.name} ${bin.label}` })),
  );
  return (
    <div className="stack close">
      <p>{unbroken(verdict)}</p>
      <Stats
        stats={[
          { label: 'Base points', value: formatInteger(card.basePoints), band: 'everybody begins with these' },
          {
            label: `Odds of 1 to ${formatNumber(1 / scale.baseOdds)}`,
            value: `${formatInteger(scale.baseScore)} points`,
            band: `every ${formatInteger(scale.pointsToDouble)} more double the odds`,
          },
        ]}
      />
      <FigureView figure={figure} height={(figure.series[0]?.x.length ?? 0) * (isNarrow ? 36 : 24) + 70} />
      <div className="row apart">
        <h2 className="section-title">Points of every bin</h2>
        <Button variant="default" size="compact-sm" onClick={() => saveFile(file)}>
          Download CSV
        </Button>
      </div>
      <PlainTable
        label="Scorecard"
        rows={lines}
        rowKey={(line) => line.key}
        maxHeight={520}
        columns={[
          {
            title: isNarrow ? 'Feature and bin' : 'Feature',
            sort: (line) => line.feature,
            renderCell: (line) => (
              <>
                <span className="cell-name">{line.feature}</span>
                {isNarrow && <div className="muted">{line.label}</div>}
              </>
            ),
          },
          ...(isNarrow ? [] : [{ title: 'Bin', renderCell: (line: (typeof lines)[number]) => line.label }]),
          {
            title: 'Points',
            number: true,
            sort: (line) => line.points,
            renderCell: (line) => <strong>{signed(line.points, formatInteger)}</strong>,
          },
          {
            title: 'Customers',
            number: true,
            sort: (line) => line.rows,
            renderCell: (line) => formatInteger(line.rows),
          },
          {
            title: 'Converted',
            number: true,
            sort: (line) => line.conversions / line.rows,
            renderCell: (line) => formatPercent(line.conversions / line.rows),
          },
          {
            title: 'Weight of evidence',
            number: true,
            sort: (line) => line.weightOfEvidence,
            renderCell: (line) => signed(line.weightOfEvidence, formatNumber),
          },
          {
            title: 'Information value',
            number: true,
            sort: (line) => line.informationValue,
            renderCell: (line) => formatNumber(line.informationValue),
          },
        ]}
      />
      <p className="muted small">
        Weight of evidence is the log of a bin's share of all conversions over its share of all others: above 0 its
        customers convert more often than the average.
      </p>
      {card.notes.length > 0 && (
        <details className="more">
          <summary>What to beware of ({card.notes.length})</summary>
          <ul className="findings stack tight">
            {card.notes.map((note) => (
              <li key={note} className="small">
                {note}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function signed(value: number, format: (value: number) => string): string {
  return value > 0 ? `+${format(value)}` : format(value);
}
