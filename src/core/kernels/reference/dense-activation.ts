/*
 * The twin of src/wasm/dense-activation.part.ts: the same operations in the same order, each rounded to a float. Names and
 * comments there hold here.
 */

const { abs, floor, fround } = Math;

const half = fround(0.5);
const inverseLn2 = fround(Math.LOG2E);
const ln2High = fround(0.693359375);
const ln2Low = fround(-2.1219444e-4);
const expTerms = [1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1].map(fround);
const expFirst = fround(1.98756915e-4);
const erfScale = fround(0.231641887);
const erfFirst = fround(1.061405429);
const erfTerms = [-1.453152027, 1.421413741, -0.284496736, 0.254829592].map(fround);
const bellScale = fround(0.39894228);

const cell = new Int32Array(1);
const cellFloat = new Float32Array(cell.buffer);

function horner(first: number, terms: readonly number[], x: number): number {
  let p = first;
  for (const term of terms) p = fround(fround(p * x) + term);
  return p;
}

function exp(value: number): number {
  const low = -87 < value ? value : -87;
  const x = low < 88 ? low : 88;
  const k = floor(fround(fround(x * inverseLn2) + half));
  const high = fround(x - fround(k * ln2High));
  const r = fround(high - fround(k * ln2Low));
  const p = horner(expFirst, expTerms, r);
  const y = fround(fround(fround(fround(p * r) * r) + r) + 1);
  cell[0] = (k + 127) << 23;
  return fround(y * (cellFloat[0] as number));
}

const logistic = (x: number) => fround(1 / fround(1 + exp(-x)));
const bellOf = (x: number) => exp(fround(-half * fround(x * x)));

function normal(x: number, bell: number): number {
  const t = fround(1 / fround(1 + fround(erfScale * abs(x))));
  const p = horner(erfFirst, erfTerms, t);
  const tail = fround(half * fround(fround(p * t) * bell));
  return x > 0 ? fround(1 - tail) : tail;
}

/** Codes of the activations, as layers' records hold them. */
export const activationCodes = { relu: 0, gelu: 1, silu: 2 } as const;

/** ReLU, GELU (x · Φ(x), Hendrycks & Gimpel 2016) or SiLU (x · σ(x), Elfwing et al. 2018), in floats. */
export function activated(kind: number, x: number): number {
  if (kind === activationCodes.relu) return x > 0 ? x : 0;
  if (kind === activationCodes.gelu) return fround(x * normal(x, bellOf(x)));
  return fround(x * logistic(x));
}

/** The derivative; of ReLU at 0 it is 0. */
export function derivative(kind: number, x: number): number {
  if (kind === activationCodes.relu) return x > 0 ? 1 : 0;
  if (kind === activationCodes.gelu) {
    const bell = bellOf(x);
    return fround(normal(x, bell) + fround(x * fround(bellScale * bell)));
  }
  const s = logistic(x);
  return fround(s * fround(1 + fround(x * fround(1 - s))));
}
