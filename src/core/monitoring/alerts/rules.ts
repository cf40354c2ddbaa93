import { StudioError } from '../../shared/errors.ts';
import { watchedFigures } from './figures.ts';

export type Severity = 'info' | 'warning' | 'critical';
export const severities: readonly Severity[] = ['info', 'warning', 'critical'];

/** When to say that something is wrong. */
export interface AlertRule {
  readonly name: string;
  /** Name of a watched figure. */
  readonly figure: string;
  /** One of both. */
  readonly above?: number;
  readonly below?: number;
  /** Windows in a row before it fires; 1 fires at once. */
  readonly for: number;
  readonly severity: Severity;
  /** Kept count of, but nobody is told. */
  readonly silenced: boolean;
}

/** What is watched unless a study says otherwise. */
export const defaultAlertRules: readonly AlertRule[] = [
  rule('Features drifted', 'feature_drift_psi', 0.2, 'warning'),
  rule('Score drifted', 'score_drift_psi', 0.2, 'critical'),
  rule('AUC dropped', 'auc_drop', 0.05, 'critical'),
  rule('Precision dropped', 'precision_drop', 0.05, 'critical'),
  rule('Recall dropped', 'recall_drop', 0.05, 'critical'),
  rule('Log-loss rose', 'log_loss_rise', 0.05, 'warning'),
  rule('Probabilities off', 'calibration_gap', 0.05, 'critical'),
  rule('Values gone missing', 'missing_rise', 0.2, 'critical'),
];

function rule(name: string, figure: string, above: number, severity: Severity): AlertRule {
  return { name, figure, above, for: 1, severity, silenced: false };
}

/** One rule from the fields of a file. Refused with `parameters.invalid`, naming the field in `where.field`. */
export function readAlertRule(fields: Readonly<Record<string, unknown>>): AlertRule {
  const { name, figure, above, below, for: windows = 1, severity = 'warning', silenced = false, ...others } = fields;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) {
    throw refused(
      stranger,
      `There is no "${stranger}" in a rule.`,
      'Choose of: name, figure, above, below, for, severity, silenced.',
    );
  }
  if (typeof name !== 'string' || name.trim() === '')
    throw refused('name', `The rule's name is ${shown(name)}, expected a text.`);
  const names = watchedFigures.map((each) => each.name);
  if (typeof figure !== 'string' || !names.includes(figure)) {
    throw refused('figure', `There is no figure ${shown(figure)}.`, `Choose one of: ${names.join(', ')}.`);
  }
  if ((above === undefined) === (below === undefined)) {
    throw refused('above', `The rule "${name}" needs either "above" or "below".`);
  }
  for (const [field, value] of [
    ['above', above],
    ['below', below],
  ] as const) {
    if (value !== undefined && (typeof value !== 'number' || !Number.isFinite(value))) {
      throw refused(field, `"${field}" is ${shown(value)}, expected a number.`);
    }
  }
  if (typeof windows !== 'number' || !Number.isInteger(windows) || windows < 1 || windows > 1000) {
    throw refused('for', `"for" is ${shown(windows)}, expected a whole number of windows from 1 to 1000.`);
  }
  const known = severities.find((each) => each === severity);
  if (!known)
    throw refused('severity', `"severity" is ${shown(severity)}.`, `Choose one of: ${severities.join(', ')}.`);
  if (typeof silenced !== 'boolean')
    throw refused('silenced', `"silenced" is ${shown(silenced)}, expected true or false.`);
  return {
    name,
    figure,
    ...(above === undefined ? {} : { above: above as number }),
    ...(below === undefined ? {} : { below: below as number }),
    for: windows,
    severity: known,
    silenced,
  };
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

function refused(field: string, message: string, fix = 'Mend the line.'): StudioError {
  return new StudioError('parameters.invalid', message, { where: { field }, fix });
}
