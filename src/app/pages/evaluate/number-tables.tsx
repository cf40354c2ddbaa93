import type { DecileRow, EvaluatedModel, HeadlineMetrics } from '../../../core/jobs/study-contract.ts';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatBanded, formatInteger, formatMeasure, formatPercent, formatTimes } from '../../format.ts';

const measures: readonly {
  readonly key: keyof HeadlineMetrics;
  readonly label: string;
  readonly meaning: string;
  readonly format: (value: number) => string;
}[] = [
  { key: 'auc', label: 'AUC', meaning: 'Chance that a buyer is ranked above a non-buyer', format: formatMeasure },
  { key: 'prAuc', label: 'PR-AUC', meaning: 'Average precision over all cuts', format: formatMeasure },
  {
    key: 'lift10',
    label: 'Lift, top 10 %',
    meaning: 'How many times the average the top tenth converts',
    format: formatTimes,
  },
  {
    key: 'capture10',
    label: 'Captured, top 10 %',
    meaning: 'Share of all buyers in the top tenth',
    format: formatPercent,
  },
  { key: 'ks', label: 'KS', meaning: 'Largest gap between buyers found and others contacted', format: formatMeasure },
  {
    key: 'logLoss',
    label: 'Log-loss',
    meaning: 'Surprise of the probabilities; lower is better',
    format: formatMeasure,
  },
  {
    key: 'brier',
    label: 'Brier score',
    meaning: 'Mean squared error of the probabilities; lower is better',
    format: formatMeasure,
  },
  {
    key: 'ece',
    label: 'ECE',
    meaning: 'Mean gap between probability and outcome; lower is better',
    format: formatMeasure,
  },
  {
    key: 'precision',
    label: 'Precision',
    meaning: 'Share of those contacted who convert, at the cut',
    format: formatPercent,
  },
  { key: 'recall', label: 'Recall', meaning: 'Share of buyers who are contacted, at the cut', format: formatPercent },
  { key: 'f1', label: 'F1', meaning: 'Harmonic mean of precision and recall, at the cut', format: formatMeasure },
  {
    key: 'balancedAccuracy',
    label: 'Balanced accuracy',
    meaning: 'Mean of the shares judged right among buyers and others, at the cut',
    format: formatPercent,
  },
  { key: 'mcc', label: 'MCC', meaning: 'Correlation of judgement and outcome, at the cut', format: formatMeasure },
  { key: 'accuracy', label: 'Accuracy', meaning: 'Says little where few convert', format: formatPercent },
];

/** Every measure of every model with its band, and what it means. */
export function MetricTable({ models }: { models: readonly EvaluatedModel[] }) {
  return (
    <PlainTable
      label="Measures"
      rows={measures}
      rowKey={(row) => row.key}
      columns={[
        { title: 'Measure', renderCell: (row) => <span className="cell-name">{row.label}</span> },
        ...models.map((model) => ({
          title: model.label,
          number: true,
          renderCell: (row: (typeof measures)[number]) => (
            <span className="nowrap">{formatBanded(model.metrics[row.key], row.format)}</span>
          ),
        })),
        { title: 'Meaning', renderCell: (row) => <div className="cell-words">{row.meaning}</div> },
      ]}
    />
  );
}

/** Test customers in ten groups of equal size, ranked highest first. */
export function DecileTable({ deciles }: { deciles: readonly DecileRow[] }) {
  return (
    <PlainTable
      label="Deciles"
      rows={deciles}
      rowKey={(row) => row.decile}
      columns={[
        { title: 'Decile', number: true, renderCell: (row) => row.decile },
        { title: 'Customers', number: true, renderCell: (row) => formatInteger(row.customers) },
        { title: 'Predicted', number: true, renderCell: (row) => formatPercent(row.predicted) },
        { title: 'Observed', number: true, renderCell: (row) => formatPercent(row.observed) },
        { title: 'Lift', number: true, renderCell: (row) => formatTimes(row.lift) },
        { title: 'Buyers reached so far', number: true, renderCell: (row) => formatPercent(row.cumulativeCapture) },
      ]}
    />
  );
}
