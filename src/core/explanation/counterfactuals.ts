/** One way of changing a column: to `value`, at a cost in 0 … 1 (0: nothing changes). */
export interface CandidateChange<Value> {
  readonly column: string;
  readonly value: Value;
  readonly cost: number;
}

export interface Counterfactual<Value> {
  readonly changes: readonly CandidateChange<Value>[];
  /** The sum of the costs. */
  readonly cost: number;
  /** What the model answers then. */
  readonly answer: number;
}

/** What the model answers, for each set of changes. */
export type AnswerTo<Value> = (
  changeSets: readonly (readonly CandidateChange<Value>[])[],
) => Promise<Float64Array> | Float64Array;

/** Sets of two and more are grown from this many of the most promising. */
const beam = 8;

/**
 * The smallest changes after which `crosses` holds (Wachter, Mittelstadt and Russell 2018; sparse first): of each column
 * alone the cheapest candidate that does it, and where no single column does, sets of two and then three columns, grown
 * from those that come nearest. No cheaper single candidate crosses; sets of several are sought greedily, and a cheaper
 * one may exist. Cheapest first, at most `most`.
 * @param nearness larger is nearer to crossing
 */
export async function findCounterfactuals<Value>(
  candidates: readonly CandidateChange<Value>[],
  answersTo: AnswerTo<Value>,
  crosses: (answer: number) => boolean,
  nearness: (answer: number) => number,
  { most = 3, mostColumns = 3 }: { readonly most?: number; readonly mostColumns?: number } = {},
): Promise<Counterfactual<Value>[]> {
  let sets: (readonly CandidateChange<Value>[])[] = candidates.map((candidate) => [candidate]);
  for (let size = 1; size <= mostColumns && sets.length > 0; size++) {
    const answers = await answersTo(sets);
    const tried = sets.map(
      (changes, i): Counterfactual<Value> => ({ changes, cost: costOf(changes), answer: answers[i]! }),
    );
    const found = tried.filter(({ answer }) => crosses(answer)).sort((a, b) => a.cost - b.cost);
    if (found.length > 0) return cheapestOfEach(found).slice(0, most);
    const promising = cheapestOfEach(tried.sort((a, b) => nearness(b.answer) - nearness(a.answer))).slice(0, beam);
    sets = promising.flatMap(({ changes }) =>
      candidates
        .filter(({ column }) => changes.every((change) => change.column !== column))
        .map((candidate) => [...changes, candidate]),
    );
  }
  return [];
}

function costOf(changes: readonly { readonly cost: number }[]): number {
  return changes.reduce((sum, { cost }) => sum + cost, 0);
}

/** The first of every set of columns. */
function cheapestOfEach<Value>(ordered: readonly Counterfactual<Value>[]): Counterfactual<Value>[] {
  const seen = new Set<string>();
  return ordered.filter(({ changes }) => {
    const key = JSON.stringify(changes.map(({ column }) => column).sort());
    return !seen.has(key) && seen.add(key);
  });
}
