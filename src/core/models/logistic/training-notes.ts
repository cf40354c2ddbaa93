import type { LogisticSettings } from './logistic-parameters.ts';
import type { SearchResult } from './newton.ts';

interface NotedTraining {
  readonly settings: LogisticSettings;
  readonly c: number;
  /** C was asked to be chosen, and was. */
  readonly chooses: boolean;
  readonly chose: boolean;
  readonly triedC: readonly number[];
  readonly result: SearchResult;
  /** Of the inputs, without the intercept. */
  readonly names: readonly string[];
  readonly roundCount: number;
}

/** An unpenalised coefficient this large (odds times 20,000 per standard deviation) is on its way to infinity. */
const runawayCoefficient = 10;

/** What a person should know of the fit, in plain sentences. */
export function trainingNotes(training: NotedTraining): string[] {
  const { settings, c, chooses, chose, triedC, result, names, roundCount } = training;
  const { converged, slope, dropped, point } = result;
  const notes = [
    converged
      ? `Converged after ${roundCount} steps (largest gradient ${slope.toExponential(1)}).`
      : `Not converged after ${roundCount} steps: the largest gradient is ${slope.toExponential(1)}, the tolerance ${settings.tolerance}. Raise max_iter, or use a stronger penalty.`,
  ];
  if (chose) {
    notes.push(`C = ${c} did best on validation by ${settings.chooseBy === 'auc' ? 'AUC' : 'log-loss'}.`);
    if (c === triedC[0] || c === triedC[triedC.length - 1]) notes.push(`C = ${c} is the end of the values tried.`);
  } else if (chooses) {
    notes.push(`C was not chosen: validation has no rows of both classes. C = ${c} was used.`);
  }
  const separated = point.at.worstError < 0.5;
  if (separated) {
    notes.push(
      'The inputs tell the classes of all training rows apart without error: look for a column known only after the outcome.',
    );
  }
  if (!settings.penalised) {
    const aliased = names.filter((_, j) => dropped[j + 1] === 1);
    if (aliased.length > 0) {
      notes.push(`Without a penalty, inputs that others determine exactly keep the coefficient 0: ${listed(aliased)}.`);
    }
    const runaway = names.filter((_, j) => Math.abs(point.coefficients[j + 1] as number) > runawayCoefficient);
    if (separated || runaway.length > 0) {
      const which = runaway.length > 0 ? `: ${listed(runaway)}` : '';
      notes.push(`Without a penalty, coefficients of separating inputs grow without bound${which}. Use penalty l2.`);
    }
  }
  if (settings.penalised && settings.l1Ratio > 0) {
    const zero = names.filter((_, j) => point.coefficients[j + 1] === 0).length;
    notes.push(`${zero} of ${names.length} inputs have the coefficient 0.`);
  }
  return notes;
}

function listed(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}
