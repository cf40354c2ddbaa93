import { SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { CustomerExplanation, ExplanationView } from '../../../core/jobs/study-contract.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatMeasure, formatNumber, formatPercent } from '../../format.ts';
import { useParam } from '../../shell/view.ts';

const units = [
  { value: 'probability', label: 'Conversion probability' },
  { value: 'propensity', label: 'Propensity score' },
  { value: 'log-odds', label: 'Log-odds' },
] as const satisfies readonly { value: ExplanationView['unit']; label: string }[];

const parts = [
  { value: 'features', label: 'Features' },
  { value: 'raw-columns', label: 'Raw columns' },
  { value: 'raw-groups', label: 'Raw columns, combined ones apart' },
] as const satisfies readonly { value: ExplanationView['parts']; label: string }[];

/** What moves a customer's number, in the unit and by the parts that are asked for: drawn, added up, and as a table. */
export function ScoreParts({ explanation }: { explanation: CustomerExplanation }) {
  const [unit, setUnit] = useParam('unit', 'probability');
  const [by, setBy] = useParam('by', 'features');
  const isNarrow = useMediaQuery('(max-width: 640px)');
  const view =
    explanation.views.find((each) => each.unit === unit && each.parts === by) ??
    (explanation.views[0] as ExplanationView);
  return (
    <div className="stack close">
      <div className="row" style={{ flexWrap: 'wrap' }}>
        <SegmentedControl
          className="wrapping"
          aria-label="Number that is explained"
          value={view.unit}
          onChange={setUnit}
          data={[...units]}
        />
        <SegmentedControl
          className="wrapping"
          aria-label="What it is explained by"
          value={view.parts}
          onChange={setBy}
          data={[...parts]}
        />
      </div>
      <FigureView
        figure={view.waterfall}
        height={Math.max(320, (view.waterfall.series[0]?.x.length ?? 8) * (isNarrow ? 48 : 34) + 60)}
      />
      <p className="muted small">
        {sumOf(view)} Residual: <span className="mono">{view.residual.toExponential(1)}</span>.
        {noteOf(view, explanation)}
      </p>
      <PlainTable
        label="Attributions"
        rows={view.rows}
        rowKey={(row) => row.name}
        maxHeight={360}
        columns={[
          {
            title: view.parts === 'features' ? 'Feature' : 'Raw column',
            sort: (row) => row.name,
            renderCell: (row) =>
              row.name.includes(' + ') ? (
                <div className="cell-words">{row.name}</div>
              ) : (
                <span className="cell-name">{row.name || '–'}</span>
              ),
          },
          {
            title: 'Value',
            renderCell: (row) => (row.name.includes(' + ') ? <div className="cell-words">{row.value}</div> : row.value),
          },
          {
            title: view.unit === 'probability' ? 'Points' : 'Attribution',
            number: true,
            sort: (row) => row.attribution,
            renderCell: (row) => changeOf(row.attribution, view.unit),
          },
          { title: 'Meaning', renderCell: (row) => <div className="cell-words">{row.description}</div> },
        ]}
      />
    </div>
  );
}

function changeOf(attribution: number, unit: ExplanationView['unit']): string {
  const amount = unit === 'probability' ? (attribution * 100).toFixed(2) : attribution.toFixed(3);
  return `${attribution > 0 ? '+' : ''}${amount.replace('-', '−')}`;
}

function sumOf({ unit, average, base, value }: ExplanationView): string {
  switch (unit) {
    case 'probability':
      return `Of the training customers ${formatPercent(average)} converted; the model's steps start at ${formatPercent(base)} and all together lead to ${formatPercent(value)}.`;
    case 'propensity':
      return `Training customers score ${formatMeasure(average)} on average; the model's steps start at ${formatMeasure(base)} and all together lead to ${formatMeasure(value)}.`;
    case 'log-odds':
      return `Base ${formatNumber(base)} plus all attributions makes ${formatNumber(value)} log-odds.`;
  }
}

function noteOf({ unit, parts: by }: ExplanationView, { method, standardError }: CustomerExplanation): string {
  const notes = [];
  if (method === 'tree-customers') {
    notes.push(
      'Absent features are taken from a sample of training customers in turn, each comparison in this very unit.',
    );
  } else if (unit !== 'log-odds') notes.push('Steps are those of the log-odds, rescaled to this unit.');
  if (by === 'raw-columns') notes.push('What is made of several columns is split equally among them.');
  if (standardError !== undefined) {
    notes.push(`Attributions are sampled: standard error at most ${formatNumber(standardError)} log-odds.`);
  }
  return notes.map((note) => ` ${note}`).join('');
}
