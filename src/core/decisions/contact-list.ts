import { type BandCutoffs, type BandName, bandOf } from '../evaluation/bands.ts';
import { createRandom } from '../shared/random.ts';
import { StudioError } from '../shared/errors.ts';
import { argsortDescending } from '../shared/statistics.ts';
import type { ContactPool, Cut } from './cut.ts';

/** One customer of the list, in order of rank. */
export interface ContactRow {
  /** Row of the customers' table. */
  readonly row: number;
  /** 1 is the highest score of all customers, the excluded ones included. */
  readonly rank: number;
  readonly propensity: number;
  readonly probability: number;
  readonly band: BandName;
  /** Within the cut, not excluded, and not held back as control. */
  readonly contact: boolean;
  /** Would be contacted, but is held back at random to measure what the contact is worth. */
  readonly control: boolean;
}

export interface ContactListOptions {
  readonly pool: ContactPool;
  readonly probability: Float64Array;
  readonly cut: Cut;
  readonly cutoffs: BandCutoffs;
  /** Share of those within the cut to hold back, 0 to 0.5. */
  readonly controlShare: number;
  readonly seed: number;
}

/** Every customer, best first, with whom to contact. The control group is drawn by the seed alone. */
export function contactList(options: ContactListOptions): readonly ContactRow[] {
  const { pool, probability, cut, cutoffs, controlShare, seed } = options;
  if (!(controlShare >= 0 && controlShare <= 0.5)) {
    throw new StudioError('request.invalid', `The control share is ${controlShare}, expected 0 to 0.5.`, {
      where: { field: 'controlShare' },
    });
  }
  const held = drawControl(cut.contacts, Math.round(cut.contacts * controlShare), seed);
  let taken = 0;
  return Array.from(argsortDescending(pool.raw), (row, place) => {
    const within = pool.eligible[row] === 1 && taken < cut.contacts;
    const control = within && held[taken] === 1;
    if (within) taken++;
    const propensity = pool.propensity[row] as number;
    return {
      row,
      rank: place + 1,
      propensity,
      probability: probability[row] as number,
      band: bandOf(propensity, cutoffs),
      contact: within && !control,
      control,
    };
  });
}

/** Exactly `count` of `size` places at random. */
function drawControl(size: number, count: number, seed: number): Uint8Array {
  const places = createRandom(seed, 4).shuffle(Uint32Array.from({ length: size }, (_, i) => i));
  const held = new Uint8Array(size);
  for (let i = 0; i < count; i++) held[places[i] as number] = 1;
  return held;
}
