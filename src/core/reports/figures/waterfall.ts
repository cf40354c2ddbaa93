import { sigmoid } from '../../shared/exact-math.ts';
import type { Axis, Figure, Tone } from '../figure.ts';
import { number, percent } from '../words.ts';

export interface WaterfallStep {
  /** Plain words, with the customer's value: "Days since last purchase = 12". */
  readonly label: string;
  /** What it adds, in the unit of the picture. */
  readonly attribution: number;
}

/** What is explained, and how its amounts are written. */
export interface WaterfallUnit {
  /** "the score", "the estimate". */
  readonly name: string;
  readonly axis: Axis;
  readonly total: (value: number) => string;
  readonly change: (value: number) => string;
  /** Where the steps end: "log-odds 0.25, a propensity score of 0.56". */
  readonly end: (value: number) => string;
}

const mostSteps = 10;

const plus = (value: number, words: string): string => (value > 0 ? `+${words}` : words);

/** The numbers of a model that can be explained, by the name of their unit. */
export const waterfallUnits = {
  'log-odds': {
    name: 'the score',
    axis: { title: 'Log-odds of converting', unit: 'log-odds', format: 'number' },
    total: (value) => `${number(value)}, score ${sigmoid(value).toFixed(2)}`,
    change: (value) => plus(value, number(value)),
    end: (value) => `log-odds ${number(value)}, a propensity score of ${sigmoid(value).toFixed(2)}`,
  },
  propensity: {
    name: 'the score',
    axis: { title: 'Propensity score', format: 'number' },
    total: (value) => value.toFixed(3),
    change: (value) => plus(value, number(value)),
    end: (value) => `a propensity score of ${value.toFixed(3)}`,
  },
  probability: {
    name: 'the estimate',
    axis: { title: 'Conversion probability', format: 'percent' },
    total: percent,
    change: points,
    end: (value) => `a conversion probability of ${percent(value)}`,
  },
} as const satisfies Record<string, WaterfallUnit>;

/** A change of a probability: "+2.1 points", percentage points being meant. */
export function points(share: number): string {
  return plus(share, `${percent(share).replace(/ %$/, '')} points`);
}

/**
 * From the average customer to this one: where an average is given, a first bar from it to the base score that the
 * attributions start from; the largest steps, the rest as one, ending at the number explained. Steps toned `raises` or
 * `lowers` add up; the first (`reference`) and the last (`current`) stand from zero.
 */
export function waterfallFigure(
  base: number,
  steps: readonly WaterfallStep[],
  { unit, average }: { readonly unit: WaterfallUnit; readonly average?: number },
): Figure {
  const ordered = steps.toSorted((a, b) => Math.abs(b.attribution) - Math.abs(a.attribution));
  const shown = ordered.slice(0, mostSteps);
  const rest = ordered.slice(mostSteps);
  const restSum = rest.reduce((sum, step) => sum + step.attribution, 0);
  const all = [
    ...(average === undefined ? [] : [{ label: 'To the starting point of the model', attribution: base - average }]),
    ...shown,
    ...(rest.length === 0 ? [] : [{ label: `${rest.length} others`, attribution: restSum }]),
  ];
  const start = average ?? base;
  const end = all.reduce((sum, step) => sum + step.attribution, start);
  const x = [start, ...all.map((step) => step.attribution), end];
  const tones: Tone[] = [
    'reference',
    ...all.map((step): Tone => (step.attribution >= 0 ? 'raises' : 'lowers')),
    'current',
  ];
  const y = ['Average customer', ...all.map((step) => step.label), 'This customer'];
  const text = x.map((value, i) => (i === 0 || i === x.length - 1 ? unit.total(value) : unit.change(value)));
  return {
    id: 'waterfall',
    title: 'Why this score',
    caption: captionOf(ordered, end, unit),
    x: unit.axis,
    y: { title: '', scale: 'category', reversed: true },
    series: [{ name: 'attribution', kind: 'waterfall', tone: 'raises', x, y, tones, text }],
  };
}

function captionOf(ordered: readonly WaterfallStep[], end: number, unit: WaterfallUnit): string {
  const up = ordered.find((step) => step.attribution > 0);
  const down = ordered.find((step) => step.attribution < 0);
  const parts = [up ? `${up.label} raises ${unit.name} most` : '', down ? `${down.label} lowers it most` : ''].filter(
    Boolean,
  );
  const ends = `end at ${unit.end(end)}`;
  return parts.length === 0
    ? `No feature moves this customer: they ${ends}.`
    : `${parts.join('; ')}; together they ${ends}.`;
}
