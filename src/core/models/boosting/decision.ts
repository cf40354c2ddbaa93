import type { Tree } from './boosting-model.ts';

/** Bits of `decisionType`. */
export const categoricalBit = 1;
export const defaultLeftBit = 2;
export const missingMask = 12;
export const missingZero = 4;
export const missingNaN = 8;

/** LightGBM's kZeroThreshold, the double nearest to float 1e-35: numbers up to it count as zero. */
export const zeroThreshold = 1.0000000180025095e-35;

/** The double next below -zeroThreshold. */
const belowZeros = -1.0000000180025096e-35;

/**
 * A number's threshold as LightGBM's predictor meets it. Of a dense row it keeps only values beyond kZeroThreshold: all up
 * to it are 0 at every decision, so that a threshold among them parts all of them from the numbers below or above.
 */
export function thresholdInEffect(threshold: number): number {
  if (!(threshold >= -zeroThreshold && threshold <= zeroThreshold)) return threshold;
  return threshold < 0 ? belowZeros : zeroThreshold;
}

/** LightGBM's decision at an inner node, in float64: whether `value` goes to the left child. */
export function goesLeft(tree: Tree, node: number, value: number): boolean {
  const type = tree.decisionType[node] as number;
  if (type & categoricalBit) return isInCategorySet(tree, tree.threshold[node] as number, value);
  const missing = type & missingMask;
  const given = value !== value && missing !== missingNaN ? 0 : value;
  const isMissing =
    (missing === missingNaN && given !== given) ||
    (missing === missingZero && given >= -zeroThreshold && given <= zeroThreshold);
  if (isMissing) return (type & defaultLeftBit) !== 0;
  return given <= thresholdInEffect(tree.threshold[node] as number);
}

/** Codes are truncated towards zero; missing, negative and unknown codes are in no set. */
function isInCategorySet(tree: Tree, set: number, value: number): boolean {
  const code = Math.trunc(value);
  if (!(code >= 0)) return false;
  const from = tree.catBoundaries[set] as number;
  const word = Math.floor(code / 32);
  if (word >= (tree.catBoundaries[set + 1] as number) - from) return false;
  return (((tree.catThreshold[from + word] as number) >>> (code % 32)) & 1) === 1;
}
