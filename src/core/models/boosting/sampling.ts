import { createRandom } from '../../shared/random.ts';
import type { TrainingInput } from '../model.ts';
import type { BoostingParameters } from './boosting-parameters.ts';

/**
 * The random numbers of one round and one purpose (LightGBM's seeds: bagging, features, thresholds, dropping). Drawn
 * anew per round, so that training can go on from any round as if it had never stopped.
 */
export function roundRandom(seed: number, purposeSeed: number, round: number) {
  return createRandom(seed, purposeSeed * 4_294_967_296 + round);
}

/** Chooses rows by their gradients and hessians, which it may rescale in place. */
export type RowChooser = (gradients: Float64Array, hessians: Float64Array) => Uint32Array;

/** The rows a tree learns from, all of them where `bag` is undefined; `outOfBag` is read after the choice. */
export interface Sample {
  readonly bag: Uint32Array | RowChooser | undefined;
  outOfBag(): Uint32Array | undefined;
}

const everyRow: Sample = { bag: undefined, outOfBag: () => undefined };

/** What each round learns from, by its number from 1: all rows, a bag, or GOSS. */
export function createSampling(chosen: BoostingParameters, input: TrainingInput): (round: number) => Sample {
  return chosen.data_sample_strategy === 'goss' ? createGoss(chosen, input) : createBagging(chosen, input);
}

/**
 * A new bag every `bagging_freq` trees: each row is in with the chance `bagging_fraction`, or that of its class where
 * `pos_bagging_fraction` or `neg_bagging_fraction` is below 1, which then takes its place.
 */
function createBagging(chosen: BoostingParameters, { labels, train, seed }: TrainingInput): (round: number) => Sample {
  const { bagging_fraction, bagging_freq, pos_bagging_fraction, neg_bagging_fraction, bagging_seed } = chosen;
  const isBalanced = pos_bagging_fraction < 1 || neg_bagging_fraction < 1;
  if (bagging_freq === 0 || (bagging_fraction >= 1 && !isBalanced)) return () => everyRow;
  const chance = (row: number) =>
    isBalanced ? (labels[train[row] as number] === 1 ? pos_bagging_fraction : neg_bagging_fraction) : bagging_fraction;
  let drawn = -1;
  let current = everyRow;
  return (round) => {
    const start = round - 1 - ((round - 1) % bagging_freq);
    if (start !== drawn) {
      const random = roundRandom(seed, bagging_seed, start);
      current = divide(train.length, (row) => random.next() < chance(row));
      drawn = start;
    }
    return current;
  };
}

/** A bag of no rows teaches nothing: a tiny table keeps all of its rows instead. */
function divide(rowCount: number, isIn: (row: number) => boolean): Sample {
  const { bag, outOfBag } = partition(rowCount, isIn);
  return bag.length === 0 ? everyRow : { bag, outOfBag: () => outOfBag };
}

function partition(rowCount: number, isIn: (row: number) => boolean) {
  const rows = new Uint32Array(rowCount);
  let inside = 0;
  let outside = rowCount;
  for (let row = 0; row < rowCount; row++) {
    if (isIn(row)) rows[inside++] = row;
    else rows[--outside] = row;
  }
  return { bag: rows.slice(0, inside), outOfBag: rows.slice(inside).reverse() };
}

/**
 * Gradient-based one-side sampling (Ke et al. 2017, algorithm 2): the share `top_rate` of rows with the largest
 * |gradient × hessian|, and a share `other_rate` drawn from the rest, whose gradients and hessians count for all of it.
 * As in LightGBM the first 1 / learning_rate trees learn from all rows.
 */
function createGoss(chosen: BoostingParameters, { train, seed }: TrainingInput): (round: number) => Sample {
  const { top_rate, other_rate, learning_rate, bagging_seed } = chosen;
  const count = train.length;
  const top = Math.max(1, Math.floor(count * top_rate));
  const others = Math.floor(count * other_rate);
  const factor = others > 0 ? (count - top) / others : 0;
  return (round) => {
    if (round - 1 < Math.floor(1 / learning_rate)) return everyRow;
    let rest: Uint32Array | undefined;
    const choose: RowChooser = (gradients, hessians) => {
      const sizes = gradients.map((g, row) => Math.abs(g * (hessians[row] as number)));
      const threshold = sizes.toSorted()[count - top] as number;
      const random = roundRandom(seed, bagging_seed, round);
      let large = 0;
      let small = 0;
      const { bag, outOfBag } = partition(count, (row) => {
        if ((sizes[row] as number) >= threshold) {
          large++;
          return true;
        }
        const left = count - row - (top - large);
        if (!(random.next() < (others - small) / left)) return false;
        small++;
        gradients[row] = (gradients[row] as number) * factor;
        hessians[row] = (hessians[row] as number) * factor;
        return true;
      });
      rest = outOfBag;
      return bag;
    };
    return { bag: choose, outOfBag: () => rest };
  };
}

/** Which of the features a tree may use: `feature_fraction` of them, at least one. */
export function createFeatureSampling(
  { feature_fraction, feature_fraction_seed }: BoostingParameters,
  seed: number,
  featureCount: number,
): (round: number) => Uint8Array {
  const all = new Uint8Array(featureCount).fill(1);
  if (feature_fraction >= 1) return () => all;
  const count = shareOf(featureCount, feature_fraction);
  return (round) => {
    const random = roundRandom(seed, feature_fraction_seed, round);
    const allowed = new Uint8Array(featureCount);
    for (const feature of random.shuffle(Uint32Array.from(all, (_, f) => f)).subarray(0, count)) allowed[feature] = 1;
    return allowed;
  };
}

/** LightGBM's rounding of a share of features: at least one. */
export function shareOf(count: number, fraction: number): number {
  return Math.max(Math.min(1, count), Math.floor(count * fraction + 0.5));
}
