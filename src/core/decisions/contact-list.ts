import { createRandom } from '../shared/random.ts';
import { StudioError } from '../shared/errors.ts';
import { argsortDescending } from '../shared/statistics.ts';
import type { ContactPool, Cut } from './cut.ts';

/** Every customer by rank: place 0 has the highest score of all, the excluded ones included. */
export interface ContactList {
  /** Row of the customers' table. */
  readonly rows: Uint32Array;
  /** 1: within the cut, not excluded, and not held back as control. */
  readonly contact: Uint8Array;
  /** 1: would be contacted, but is held back at random to measure what the contact is worth. */
  readonly control: Uint8Array;
}

export interface ContactListOptions {
  readonly pool: ContactPool;
  readonly cut: Cut;
  /** Share of those within the cut to hold back, 0 to 0.5. */
  readonly controlShare: number;
  readonly seed: number;
}

/** Every customer, best first, with whom to contact. The control group is drawn by the seed alone. */
export function contactList({ pool, cut, controlShare, seed }: ContactListOptions): ContactList {
  if (!(controlShare >= 0 && controlShare <= 0.5)) {
    throw new StudioError('request.invalid', `The control share is ${controlShare}, expected 0 to 0.5.`, {
      where: { field: 'controlShare' },
    });
  }
  const held = drawControl(cut.contacts, Math.round(cut.contacts * controlShare), seed);
  const rows = argsortDescending(pool.raw);
  const contact = new Uint8Array(rows.length);
  const control = new Uint8Array(rows.length);
  for (let place = 0, taken = 0; place < rows.length && taken < cut.contacts; place++) {
    if (pool.eligible[rows[place] as number] !== 1) continue;
    (held[taken] === 1 ? control : contact)[place] = 1;
    taken++;
  }
  return { rows, contact, control };
}

/** Exactly `count` of `size` places at random. */
function drawControl(size: number, count: number, seed: number): Uint8Array {
  const places = createRandom(seed, 4).shuffle(Uint32Array.from({ length: size }, (_, i) => i));
  const held = new Uint8Array(size);
  for (let i = 0; i < count; i++) held[places[i] as number] = 1;
  return held;
}
