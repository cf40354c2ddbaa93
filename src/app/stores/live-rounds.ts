import type { StoreApi } from 'zustand/vanilla';
import type { ModelKind, Round } from '../../core/models/model.ts';
import type { StudyState } from './study-state.ts';

/** Live curves are redrawn at most this often, however fast a model learns. */
const flushMs = 250;

/** The pace is that of about the last two seconds. */
const paceFlushes = 8;

/** Puts the rounds of a running training, and how many there are a second, into the study at a pace that can be drawn. */
export function collectRounds(store: StoreApi<StudyState>, kind: ModelKind, now: () => number): (round: Round) => void {
  let gathered: Round[] = [];
  let flushed = Number.NEGATIVE_INFINITY;
  let marks: { readonly at: number; readonly round: number }[] = [];
  return (round) => {
    const last = gathered.at(-1)?.round ?? marks.at(-1)?.round ?? 0;
    // A training that was resumed counts on from an earlier round.
    if (round.round <= last) marks = [];
    gathered.push(round);
    if (now() - flushed < flushMs) return;
    flushed = now();
    marks = [...marks, { at: flushed, round: round.round }].slice(-paceFlushes);
    const first = marks[0] as (typeof marks)[number];
    const pace = (1000 * (round.round - first.round)) / (flushed - first.at);
    const fresh = gathered;
    gathered = [];
    store.setState((state) => ({
      rounds: { ...state.rounds, [kind]: joinRounds(state.rounds[kind] ?? [], fresh) },
      ...(pace > 0 ? { pace: { ...state.pace, [kind]: pace } } : {}),
    }));
  };
}

/** Rounds that were run again after a loss stand once. */
function joinRounds(before: readonly Round[], fresh: readonly Round[]): readonly Round[] {
  const rounds = [...before];
  for (const round of fresh) {
    while ((rounds.at(-1)?.round ?? 0) >= round.round) rounds.pop();
    rounds.push(round);
  }
  return rounds;
}
