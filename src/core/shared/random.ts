import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { cos, log, sin } from './exact-math.ts';

/** A seeded source of random numbers: the same seed and stream give the same numbers on every host. */
export interface Random {
  /** Uniform in [0, 1), a multiple of 2^−53. */
  next(): number;
  /** Uniform in 0 … n − 1, for 1 ≤ n ≤ 2^32. */
  integer(n: number): number;
  /** Standard normal (Box and Muller 1958). */
  normal(): number;
  /** Puts the array in random order, in place (Fisher and Yates), and returns it. */
  shuffle<T extends { [index: number]: unknown; readonly length: number }>(array: T): T;
}

/**
 * A xoroshiro128+ generator. Streams of one seed are independent (the state is a hash of both), so that a chunk, a tree
 * or a layer can draw from its own without knowing what the others drew.
 */
export function createRandom(seed: number, stream = 0): Random {
  const generator = xoroshiro128plusFromState(hashedState(seed, stream));
  let spare = Number.NaN;
  const next = (): number => uniformFloat64(generator);
  const integer = (n: number): number => uniformInt(generator, 0, n - 1);
  return {
    next,
    integer,
    normal() {
      if (spare === spare) {
        const value = spare;
        spare = Number.NaN;
        return value;
      }
      const radius = Math.sqrt(-2 * log(1 - next()));
      const angle = 6.283185307179586 * next();
      spare = radius * sin(angle);
      return radius * cos(angle);
    },
    shuffle(array) {
      for (let last = array.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        const moved = array[last];
        array[last] = array[other];
        array[other] = moved;
      }
      return array;
    },
  };
}

/** Four words from both numbers, each with its high and low half (mixing steps of murmur3). */
function hashedState(seed: number, stream: number): [number, number, number, number] {
  const state: [number, number, number, number] = [0, 0, 0, 0];
  for (let word = 0; word < 4; word++) {
    let hash = Math.imul(word + 1, 0x9e3779b9);
    for (const part of [seed, seed / 4294967296, stream, stream / 4294967296]) {
      hash = mixed(hash ^ mixed(Math.floor(part) | 0)) + 0x6d2b79f5;
    }
    state[word] = mixed(hash);
  }
  if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1;
  return state;
}

function mixed(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
