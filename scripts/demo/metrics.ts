import type {
  Banded,
  CrossValidation,
  DatasetSummary,
  EvaluationSummary,
  FeatureSummary,
} from '../../src/core/jobs/study-contract.ts';

interface Run {
  readonly seed: number;
  readonly dataset: DatasetSummary;
  readonly features: FeatureSummary;
  readonly evaluation: EvaluationSummary;
  readonly stages: readonly { readonly name: string; readonly seconds: number }[];
  readonly longestTaskMs: number;
  readonly longestDrawMs: number;
  readonly peakMemoryMb: number | null;
  readonly crossValidation?: CrossValidation;
}

export type Metrics = ReturnType<typeof metricsOf>;

/** What artifacts/metrics.json holds. All figures are on test customers; segments and top features are boosting's. */
export function metricsOf(run: Run) {
  const { dataset, features, evaluation } = run;
  const label = dataset.label;
  const boosting = evaluation.models.find(({ kind }) => kind === 'boosting');
  const shareOf = (name: string) => boosting?.bands.find((band) => band.name === name)?.share ?? 0;
  const value = (banded: Banded) => banded.value;
  return {
    seed: run.seed,
    rows: dataset.rowCount,
    features: features.features.length,
    conversionRate: label ? label.positives / (label.positives + label.negatives) : null,
    oracleAuc: evaluation.oracleAuc ?? null,
    best: evaluation.best,
    models: Object.fromEntries(
      evaluation.models.map(({ kind, metrics: m, trainSeconds, backend, bestRound, calibrator }) => [
        kind,
        {
          auc: m.auc.value,
          aucLow: m.auc.low,
          aucHigh: m.auc.high,
          prAuc: value(m.prAuc),
          lift10: value(m.lift10),
          capture10: value(m.capture10),
          precision: value(m.precision),
          recall: value(m.recall),
          f1: value(m.f1),
          logLoss: value(m.logLoss),
          brier: value(m.brier),
          ece: value(m.ece),
          trainSeconds,
          backend,
          bestRound,
          calibrator,
        },
      ]),
    ),
    segments: { high: shareOf('High'), medium: shareOf('Medium'), low: shareOf('Low') },
    bands: boosting?.bands ?? [],
    topFeatures: (boosting?.importance ?? [])
      .slice(0, 10)
      .map(({ feature, columns, importance }) => ({ name: feature, columns, importance })),
    comparisons: evaluation.comparisons,
    stages: run.stages,
    longestTaskMs: run.longestTaskMs,
    longestDrawMs: run.longestDrawMs,
    peakMemoryMb: run.peakMemoryMb,
    ...(run.crossValidation ? { crossValidation: run.crossValidation } : {}),
  };
}

/** The table the demo ends with. */
export function printMetrics(metrics: Metrics, evaluation: EvaluationSummary): void {
  const cell = (value: number, digits: number) => value.toFixed(digits);
  console.log(`\n${evaluation.verdict}\n`);
  printTable(
    ['model', 'AUC', 'PR-AUC', 'lift 10 %', 'log-loss', 'Brier', 'ECE', 'F1', 'train s', 'backend'],
    evaluation.models.map(({ label, metrics: m, trainSeconds, backend }) => [
      label,
      cell(m.auc.value, 4),
      cell(m.prAuc.value, 4),
      cell(m.lift10.value, 2),
      cell(m.logLoss.value, 4),
      cell(m.brier.value, 4),
      cell(m.ece.value, 4),
      cell(m.f1.value, 4),
      cell(trainSeconds, 2),
      backend,
    ]),
  );
  printTable(
    ['band', 'share', 'conversion', '95 % band', 'buyers held'],
    metrics.bands.map(({ name, share, conversion, low, high, buyersHeld }) => [
      name,
      `${cell(100 * share, 1)} %`,
      `${cell(100 * conversion, 1)} %`,
      `${cell(100 * low, 1)}–${cell(100 * high, 1)} %`,
      `${cell(100 * buyersHeld, 1)} %`,
    ]),
  );
  printTable(
    ['top feature', 'importance', 'made of'],
    metrics.topFeatures.map(({ name, importance, columns }) => [name, importance.toPrecision(3), columns.join(', ')]),
  );
  if (metrics.crossValidation) {
    const { folds, seeds, models } = metrics.crossValidation;
    console.log(`Mean of stratified ${folds}-fold cross-validation over ${seeds} seeds:`);
    printTable(
      ['model', 'AUC', '± sd', 'PR-AUC', 'log-loss', 'train s'],
      models.map((m) => [
        m.kind,
        cell(m.auc, 4),
        cell(m.aucStandardDeviation, 4),
        cell(m.prAuc, 4),
        cell(m.logLoss, 4),
        cell(m.seconds, 2),
      ]),
    );
  }
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join('  ');
  console.log([line(head), ...rows.map(line)].join('\n'), '\n');
}
