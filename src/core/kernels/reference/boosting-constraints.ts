import { conditions, headerReal } from '../boosting-layout.ts';
import type { LeafSums } from './boosting-scan.ts';

/** How gains of one leaf are reckoned under constraints: LightGBM's own, in natural units. */
export interface Constrained {
  readonly l1: number;
  readonly l2: number;
  readonly catL2: number;
  readonly isDrawn: boolean;
  readonly key: number;
  /** What a split must gain: the leaf's own worth and `min_gain_to_split`. */
  readonly numberFloor: number;
  readonly categoryFloor: number;
  /** Both children's gain and outputs from sums in steps; 0 where they break the monotone order. */
  gain(
    gl: number,
    hl: number,
    gr: number,
    hr: number,
    leftRows: number,
    rightRows: number,
    l2: number,
    monotone: number,
  ): { readonly gain: number; readonly leftOutput: number; readonly rightOutput: number };
}

/** The conditions of one side's leaf, or undefined where gains are plain. Twin of `enterConstrained` in the kernel. */
export function enterConstrained(
  f64: Float64Array,
  i32: Int32Array,
  address: number,
  side: number,
  real: Float64Array,
  leaf: LeafSums,
): Constrained | undefined {
  if (address === 0) return undefined;
  const from = address >>> 3;
  const setting = (index: number) => f64[from + index] as number;
  const own = (side - 1) * conditions.leaf;
  const l1 = setting(conditions.lambdaL1);
  const l2 = setting(conditions.lambdaL2);
  const lower = setting(own + conditions.lower);
  const upper = setting(own + conditions.upper);
  const maxDeltaStep = setting(conditions.maxDeltaStep);
  const pathSmooth = setting(conditions.pathSmooth);
  const least = setting(conditions.minGain);
  const gScale = real[headerReal.gradientScale] as number;
  const hScale = real[headerReal.hessianScale] as number;
  const soft = (g: number) => {
    const shrunk = Math.abs(g) - l1;
    return shrunk > 0 ? (g < 0 ? -shrunk : shrunk) : 0;
  };
  const clip = (value: number) =>
    maxDeltaStep > 0 && Math.abs(value) > maxDeltaStep ? (value > 0 ? maxDeltaStep : -maxDeltaStep) : value;
  const g = leaf.g / gScale;
  const h = leaf.h / hScale;
  const given = setting(own + conditions.output);
  // The root is told as NaN: it is its own parent, and is not smoothed.
  const leafOutput = Number.isNaN(given) ? clip(-soft(g) / (h + l2)) : given;
  const outputOf = (g: number, h: number, rows: number, lambda: number, low: number, high: number) => {
    let value = clip(-soft(g) / (h + lambda));
    if (pathSmooth > 0) {
      const share = rows / pathSmooth;
      value = (value * share) / (share + 1) + leafOutput / (share + 1);
    }
    return value < low ? low : value > high ? high : value;
  };
  const gainGivenOutput = (g: number, h: number, output: number, lambda: number) =>
    -(2 * soft(g) * output + (h + lambda) * output * output);
  const output = outputOf(g, h, leaf.count, l2, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const numberFloor = gainGivenOutput(g, h, output, l2) + least;
  return {
    l1,
    l2,
    catL2: setting(conditions.catL2),
    isDrawn: setting(conditions.extraTrees) > 0,
    key: i32[2 * (from + own + conditions.key)] as number,
    numberFloor,
    categoryFloor: pathSmooth > 0 ? gainGivenOutput(g, h, leafOutput, l2) + least : numberFloor,
    gain(gl, hl, gr, hr, leftRows, rightRows, lambda, monotone) {
      const a = gl / gScale;
      const b = gr / gScale;
      const c = hl / hScale;
      const d = hr / hScale;
      const leftOutput = outputOf(a, c, leftRows, lambda, lower, upper);
      const rightOutput = outputOf(b, d, rightRows, lambda, lower, upper);
      const isBroken = (monotone > 0 && leftOutput > rightOutput) || (monotone < 0 && leftOutput < rightOutput);
      if (isBroken) return { gain: 0, leftOutput, rightOutput };
      const gain = gainGivenOutput(a, c, leftOutput, lambda) + gainGivenOutput(b, d, rightOutput, lambda);
      return { gain, leftOutput, rightOutput };
    },
  };
}

/** A whole number below `limit`, the same for a leaf's key and a feature on any thread (the finaliser of murmur3). */
export function drawBelow(key: number, feature: number, limit: number): number {
  let h = (key + Math.imul(feature, 0x9e3779b9)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  return Math.floor(((h >>> 0) * limit) / 4294967296);
}
