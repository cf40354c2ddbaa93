import type { Frame } from '../data/frame.ts';
import { type Random, createRandom } from '../shared/random.ts';
import { mixedRows } from './mixed-rows.ts';

/** Shapley values estimated by sampling, with how far the estimate may be off. */
export interface SampledShap {
  /** The mean raw score over the background rows drawn. */
  readonly expectedValue: number;
  readonly phi: Float64Array;
  /** Standard error of each attribution over the pairs of walks. */
  readonly standardError: Float64Array;
}

/**
 * Interventional Shapley values of any model by permutation sampling (Castro, Gómez and Tejada 2009), each random order
 * walked there and back (Mitchell et al. 2022) from a background row to the explained one. Every walk telescopes, so base
 * plus attributions is the raw score whatever the sample; only how it is shared out is estimated.
 */
export async function permutationShap(
  names: readonly string[],
  rawScores: (features: Frame) => Float64Array | Promise<Float64Array>,
  features: Frame,
  row: number,
  background: Frame,
  options: { readonly walks: number; readonly seed: number },
): Promise<SampledShap> {
  const width = names.length;
  const random = createRandom(options.seed, row);
  const drawn = drawRows(background.rowCount, options.walks, random);
  const orders = drawn.map(() => {
    const order = Uint32Array.from({ length: width }, (_, feature) => feature);
    random.shuffle(order);
    return order;
  });

  // One walk there and back is 2 × width rows: start, width steps to the explained row, width - 1 steps back.
  const rowsPerWalk = 2 * width;
  const mixed = mixRows(names, features, row, background, drawn, orders);
  const scores = await rawScores(mixed);

  const phi = new Float64Array(width);
  const squares = new Float64Array(width);
  let expectedValue = 0;
  orders.forEach((order, walk) => {
    const from = walk * rowsPerWalk;
    const at = (step: number): number => scores[from + (step % rowsPerWalk)]!;
    expectedValue += at(0);
    for (let k = 0; k < width; k++) {
      // There, the k-th feature of the order joins at step k + 1; back, it leaves again first in, first out, so that it
      // is also seen joining the features after it.
      const gain = (at(k + 1) - at(k) + (at(width + k) - at(width + k + 1))) / 2;
      phi[order[k]!]! += gain;
      squares[order[k]!]! += gain * gain;
    }
  });
  const count = drawn.length;
  return {
    expectedValue: expectedValue / count,
    phi: phi.map((sum) => sum / count),
    standardError: squares.map((sum, feature) => {
      const mean = phi[feature]! / count;
      return count > 1 ? Math.sqrt(Math.max(0, sum / count - mean * mean) / (count - 1)) : Number.NaN;
    }),
  };
}

/** `count` background rows, each as often as the others as far as that goes. */
function drawRows(rowCount: number, count: number, random: Random): number[] {
  const order = Uint32Array.from({ length: rowCount }, (_, row) => row);
  random.shuffle(order);
  return Array.from({ length: count }, (_, i) => order[i % rowCount]!);
}

function mixRows(
  names: readonly string[],
  features: Frame,
  row: number,
  background: Frame,
  drawn: readonly number[],
  orders: readonly Uint32Array[],
): Frame {
  const width = names.length;
  const rowsPerWalk = 2 * width;
  const places = orders.map((order) => {
    const place = new Uint32Array(width);
    order.forEach((feature, k) => {
      place[feature] = k;
    });
    return place;
  });
  const picks = new Int32Array(drawn.length * rowsPerWalk);
  return mixedRows(names, features, row, background, picks.length, (feature) => {
    drawn.forEach((otherRow, walk) => {
      const from = walk * rowsPerWalk;
      const k = places[walk]![feature]!;
      // Own from step k + 1 there until step width + k back.
      picks.fill(otherRow, from, from + rowsPerWalk);
      picks.fill(-1, from + k + 1, from + width + k + 1);
    });
    return picks;
  });
}
