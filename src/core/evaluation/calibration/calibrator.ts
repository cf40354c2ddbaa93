import { StudioError } from '../../shared/errors.ts';
import { sigmoid, softplus } from '../../shared/exact-math.ts';

/**
 * A strictly rising map from raw score (log-odds under class balancing) to conversion probability, as plain JSON: score
 * and probability rank alike, and the probability is never 0 or 1.
 */
export type Calibrator = PlattCalibrator | BetaCalibrator | IsotonicCalibrator;

/** logit p = slope · raw + intercept (Platt 1999). */
export interface PlattCalibrator {
  readonly kind: 'platt';
  readonly slope: number;
  readonly intercept: number;
}

/** logit p = a · ln s − b · ln(1 − s) + c, with s = sigmoid(raw) (Kull, Silva Filho and Flach 2017, eq. 4). */
export interface BetaCalibrator {
  readonly kind: 'beta';
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Rising knots, joined by straight lines in log-odds; beyond the outer knots the line goes on with `tailSlope`. */
export interface IsotonicCalibrator {
  readonly kind: 'isotonic';
  readonly raw: readonly number[];
  readonly logOdds: readonly number[];
  readonly tailSlope: number;
}

/** Smallest slope of any calibrator: enough to keep two scores apart. */
export const smallestSlope = 0.01;

/** Log-odds of the conversion probability. Exact: the same bits on every host. */
export function calibratedLogOdds(calibrator: Calibrator, raw: number): number {
  switch (calibrator.kind) {
    case 'platt':
      return calibrator.slope * raw + calibrator.intercept;
    case 'beta':
      return calibrator.c + (calibrator.b * softplus(raw) - calibrator.a * softplus(-raw));
    case 'isotonic':
      return interpolate(calibrator, raw);
  }
}

/** Log-odds beyond which doubles no longer keep a probability off 1. */
const widest = 36;

/** Conversion probability of one raw score, strictly between 0 and 1. */
export function calibrateOne(calibrator: Calibrator, raw: number): number {
  return sigmoid(Math.min(widest, Math.max(-widest, calibratedLogOdds(calibrator, raw))));
}

/** Conversion probabilities of raw scores. */
export function calibrate(calibrator: Calibrator, raw: Float64Array): Float64Array {
  const probabilities = new Float64Array(raw.length);
  for (let row = 0; row < raw.length; row++) probabilities[row] = calibrateOne(calibrator, raw[row] as number);
  return probabilities;
}

function interpolate({ raw: knots, logOdds, tailSlope }: IsotonicCalibrator, raw: number): number {
  const last = knots.length - 1;
  const first = knots[0] as number;
  if (raw <= first) return (logOdds[0] as number) + tailSlope * (raw - first);
  if (raw >= (knots[last] as number)) return (logOdds[last] as number) + tailSlope * (raw - (knots[last] as number));
  let from = 0;
  let to = last;
  while (to - from > 1) {
    const middle = (from + to) >>> 1;
    if ((knots[middle] as number) <= raw) from = middle;
    else to = middle;
  }
  const x = knots[from] as number;
  const y = logOdds[from] as number;
  return y + ((raw - x) / ((knots[to] as number) - x)) * ((logOdds[to] as number) - y);
}

/** Reads a calibrator from a bundle. Anything but a strictly rising one is refused with `model.format`. */
export function readCalibrator(json: unknown): Calibrator {
  if (typeof json !== 'object' || json === null) throw malformed('is not an object');
  const fields = json as Readonly<Record<string, unknown>>;
  switch (fields.kind) {
    case 'platt':
      return { kind: 'platt', slope: positive(fields, 'slope'), intercept: finite(fields, 'intercept') };
    case 'beta':
      return { kind: 'beta', a: positive(fields, 'a'), b: positive(fields, 'b'), c: finite(fields, 'c') };
    case 'isotonic': {
      const raw = rising(fields, 'raw');
      const logOdds = rising(fields, 'logOdds');
      if (raw.length !== logOdds.length) throw malformed(`has ${raw.length} knots but ${logOdds.length} values`);
      return { kind: 'isotonic', raw, logOdds, tailSlope: positive(fields, 'tailSlope') };
    }
    default:
      throw malformed(`has the kind ${JSON.stringify(fields.kind)}, expected "platt", "beta" or "isotonic"`);
  }
}

function finite(fields: Readonly<Record<string, unknown>>, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw malformed(`has no finite number "${name}"`);
  return value;
}

function positive(fields: Readonly<Record<string, unknown>>, name: string): number {
  const value = finite(fields, name);
  if (value <= 0) throw malformed(`has ${name} ${value}, expected more than 0: it would not rise`);
  return value;
}

function rising(fields: Readonly<Record<string, unknown>>, name: string): readonly number[] {
  const values = fields[name];
  if (!Array.isArray(values) || values.length === 0) throw malformed(`has no list "${name}"`);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw malformed(`has ${String(values[i])} in "${name}", expected finite numbers`);
    if (i > 0 && values[i] <= values[i - 1]) throw malformed(`does not rise in "${name}" at place ${i}`);
  }
  return values as readonly number[];
}

function malformed(what: string): StudioError {
  return new StudioError('model.format', `The calibrator ${what}.`, {
    where: { field: 'calibrator' },
    fix: 'Save the bundle again from the studio.',
  });
}

/** "Platt scaling", "Beta calibration", "Isotonic regression, 14 steps". */
export function describeCalibrator(calibrator: Calibrator): string {
  switch (calibrator.kind) {
    case 'platt':
      return 'Platt scaling';
    case 'beta':
      return 'Beta calibration';
    case 'isotonic':
      return `Isotonic regression, ${calibrator.raw.length} steps`;
  }
}
