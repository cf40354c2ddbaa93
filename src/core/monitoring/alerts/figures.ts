import type { WindowAssessment } from '../assess.ts';
import type { Health } from '../verdict.ts';

/** A figure that rules may watch and that Prometheus is told, by the same name. */
export interface WatchedFigure {
  readonly name: string;
  readonly help: string;
  /** NaN where the window does not say: a rule over it neither fires nor resolves. */
  readonly of: (window: WindowAssessment) => number;
}

const healthNumber: Readonly<Record<Health, number>> = { healthy: 0, watch: 1, act: 2 };

/** Drop of one metric as the rule of performance has it: 0 unless it is beyond 5 % and beyond chance. */
function drop(metric: string): (window: WindowAssessment) => number {
  return ({ performance, immature }) => {
    const verdict = performance?.verdicts.find((each) => each.metric === metric);
    if (!verdict || immature !== undefined || !Number.isFinite(verdict.drop)) return Number.NaN;
    return verdict.state === 'alert' ? verdict.drop : 0;
  };
}

const known =
  (of: (performance: NonNullable<WindowAssessment['performance']>) => number) =>
  ({ performance, immature }: WindowAssessment): number =>
    performance && immature === undefined ? of(performance) : Number.NaN;

export const watchedFigures: readonly WatchedFigure[] = [
  { name: 'customers', help: 'Customers in the window', of: ({ rowCount }) => rowCount },
  { name: 'score_psi', help: 'PSI of the propensity score', of: ({ drift }) => drift.score.psi },
  {
    name: 'score_drift_psi',
    help: 'PSI of the propensity score where it exceeds chance, else 0',
    of: ({ drift: { score } }) => (score.alarm ? score.psi : 0),
  },
  {
    name: 'feature_drift_psi',
    help: 'Largest PSI of a feature that exceeds chance, else 0',
    of: ({ drift }) => Math.max(0, ...drift.features.map(({ alarm, psi }) => (alarm ? psi : 0))),
  },
  {
    name: 'features_drifted',
    help: 'Features whose PSI passes 0.1 and exceeds chance',
    of: ({ drift }) => drift.features.filter(({ alarm }) => alarm).length,
  },
  {
    name: 'missing_rise',
    help: 'Largest rise of the share of customers without a value, over all features',
    of: ({ drift }) => Math.max(0, ...drift.features.map(({ measures }) => measures.missing_shift ?? 0)),
  },
  {
    name: 'structure_z',
    help: 'Standard errors that the PCA reconstruction error lies from the reference',
    of: ({ structure }) => structure?.z ?? Number.NaN,
  },
  {
    name: 'mean_probability',
    help: 'Mean conversion probability',
    of: ({ predictions }) => predictions.meanProbability,
  },
  { name: 'estimated_auc', help: 'AUC estimated without outcomes', of: ({ estimate }) => estimate.auc },
  { name: 'conversion_rate', help: 'Observed conversion rate', of: known(({ all }) => all.baseRate) },
  { name: 'auc', help: 'AUC of customers whose outcome is known', of: known(({ all }) => all.metrics.auc.value) },
  { name: 'auc_drop', help: 'Drop of AUC as a share, where beyond 5 % and beyond chance', of: drop('auc') },
  { name: 'precision_drop', help: 'Drop of precision, likewise', of: drop('precision') },
  { name: 'recall_drop', help: 'Drop of recall, likewise', of: drop('recall') },
  { name: 'log_loss_rise', help: 'Rise of log-loss, likewise', of: drop('logLoss') },
  {
    name: 'calibration_gap',
    help: 'Observed over expected conversions away from the reference, likewise',
    of: drop('calibration'),
  },
  {
    name: 'profit_change',
    help: "Change of the expected profit per customer at the cut, in the study's currency",
    of: ({ money, rowCount }) => (money ? money.change / rowCount : Number.NaN),
  },
  { name: 'health', help: '0 healthy, 1 watch, 2 act', of: ({ verdict }) => healthNumber[verdict.health] },
];

/** Every figure of a window by name. */
export function figuresOf(window: WindowAssessment): Readonly<Record<string, number>> {
  return Object.fromEntries(watchedFigures.map(({ name, of }) => [name, of(window)]));
}
