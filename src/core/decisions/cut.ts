import { groupByScore } from '../evaluation/score-groups.ts';
import { StudioError } from '../shared/errors.ts';
import { argsortDescending } from '../shared/statistics.ts';
import { type Economics, profitOf } from './economics.ts';

export type CutChoice =
  | { readonly by: 'score'; readonly score: number }
  | { readonly by: 'top-n'; readonly count: number }
  | { readonly by: 'top-share'; readonly share: number }
  | { readonly by: 'budget'; readonly budget: number }
  | { readonly by: 'suggested' };

/** Whom to contact: the first `contacts` eligible customers by raw score. */
export interface Cut {
  /** The propensity score of the last one contacted; `nobody` where none is. */
  readonly score: number;
  readonly contacts: number;
  /** Share contacted of the eligible customers with exactly this score: below 1 where a count ends among equals. */
  readonly tiedShare: number;
}

/** The cut that contacts nobody. */
export const nobody = 1;

/** The list of customers a cut is chosen on, row by row. */
export interface ContactPool {
  /** Raw scores: they rank. */
  readonly raw: Float64Array;
  readonly propensity: Float64Array;
  /** 1 where the customer may be contacted. */
  readonly eligible: Uint8Array;
}

/**
 * Turns a choice into a score and a number of contacts on this list. "Suggested" takes the score found by `suggestCut`
 * on validation. A share is of the eligible customers. Impossible values are `request.invalid`.
 */
export function chooseCut(choice: CutChoice, pool: ContactPool, economics: Economics, suggested: number): Cut {
  const order = eligibleOrder(pool);
  switch (choice.by) {
    case 'score':
      return atScore(inRange('score', choice.score, 0, nobody), order, pool);
    case 'suggested':
      return atScore(suggested, order, pool);
    case 'top-n':
      return atCount(inRange('count', choice.count, 0, Number.MAX_SAFE_INTEGER), order, pool);
    case 'top-share':
      return atCount(Math.round(inRange('share', choice.share, 0, 1) * order.length), order, pool);
    case 'budget': {
      const budget = inRange('budget', choice.budget, 0, Number.MAX_VALUE);
      const cost = economics.costPerContact;
      return atCount(cost === 0 ? order.length : Math.floor(budget / cost + 1e-9), order, pool);
    }
  }
}

/** Eligible rows, highest raw score first; equal scores keep the order of the rows. */
export function eligibleOrder({ raw, eligible }: ContactPool): Uint32Array {
  return argsortDescending(raw).filter((row) => eligible[row] === 1);
}

/**
 * The propensity score with the highest profit among labelled validation customers: the middle between the last one
 * contacted and the next, so that it does not hang on one customer. `nobody` when every depth loses money.
 */
export function suggestCut(labels: Int8Array, propensity: Float64Array, economics: Economics): number {
  const { scores, rows, positives } = groupByScore(labels, propensity).groups;
  let contacts = 0;
  let conversions = 0;
  let best = 0;
  let cut = nobody;
  for (let i = 0; i < scores.length; i++) {
    contacts += rows[i] as number;
    conversions += positives[i] as number;
    const profit = profitOf(economics, conversions, contacts);
    if (profit <= best) continue;
    best = profit;
    cut = i + 1 < scores.length ? ((scores[i] as number) + (scores[i + 1] as number)) / 2 : 0;
  }
  return cut;
}

function atScore(score: number, order: Uint32Array, { propensity }: ContactPool): Cut {
  if (score >= nobody) return { score: nobody, contacts: 0, tiedShare: 1 };
  let contacts = 0;
  while (contacts < order.length && (propensity[order[contacts] as number] as number) >= score) contacts++;
  return { score, contacts, tiedShare: 1 };
}

/** The cut after so many of the eligible customers, in their order. */
export function atCount(wanted: number, order: Uint32Array, { propensity }: ContactPool): Cut {
  const contacts = Math.min(Math.floor(wanted), order.length);
  if (contacts === 0) return { score: nobody, contacts, tiedShare: 1 };
  const at = (place: number): number => propensity[order[place] as number] as number;
  const score = at(contacts - 1);
  let first = contacts - 1;
  while (first > 0 && at(first - 1) === score) first--;
  let end = contacts;
  while (end < order.length && at(end) === score) end++;
  return { score, contacts, tiedShare: (contacts - first) / (end - first) };
}

function inRange(field: string, value: number, from: number, to: number): number {
  if (value >= from && value <= to) return value;
  throw new StudioError('request.invalid', `The cut's ${field} is ${value}, expected ${from} to ${to}.`, {
    where: { field: `cut.${field}` },
  });
}
