import type { Axis, Figure, Tone } from '../figure.ts';
import { integer, percent } from '../words.ts';
import { points } from './waterfall.ts';

/** A column as the axis of its effect. */
export interface EffectAxis {
  readonly id: string;
  readonly title: string;
  /** Places are names (levels, days) and not numbers. */
  readonly isCategory: boolean;
  /** Of numbers: where nearly everybody is. */
  readonly range?: readonly [number, number];
}

interface EffectOptions {
  readonly tone: Tone;
  readonly customers: number;
}

const shown: Axis = { title: 'Conversion probability', format: 'percent' };

/** The mean estimate over customers who all hold the same value. */
export function partialDependenceFigure(
  axis: EffectAxis,
  places: readonly (number | string)[],
  average: Float64Array,
  { tone, customers }: EffectOptions,
): Figure {
  const { least, most } = rangeOf(average);
  return {
    id: 'partial-dependence',
    title: 'Partial dependence',
    caption: `The mean estimate for ${integer(customers)} test customers, all given the same value: from ${percent(least)} to ${percent(most)}. Where columns hang together it asks for customers that do not exist; accumulated effects do not.`,
    x: xOf(axis),
    y: shown,
    series: [{ name: 'mean', kind: axis.isCategory ? 'bars' : 'line', tone, x: places, y: average }],
  };
}

/** The estimate of single customers along the values (ICE), with the mean. */
export function individualFigure(
  axis: EffectAxis,
  places: readonly (number | string)[],
  individual: readonly Float64Array[],
  average: Float64Array,
  { tone }: Pick<EffectOptions, 'tone'>,
): Figure {
  const moves = individual.map((line) => rangeOf(line)).map(({ least, most }) => most - least);
  const rising = individual.filter((line) => line.at(-1)! > line[0]!).length;
  const most = Math.max(0, ...moves);
  return {
    id: 'individual-expectation',
    title: 'Single customers',
    caption: axis.isCategory
      ? `One line per customer: the one who is moved most moves by ${points(most).replace('+', '')}.`
      : `One line per customer: from the lowest to the highest value the estimate rises for ${integer(rising)} of ${integer(individual.length)}; the one who is moved most moves by ${points(most).replace('+', '')}.`,
    x: xOf(axis),
    y: shown,
    series: [
      // One series with gaps: sixty would each want a name.
      {
        name: 'customers',
        kind: 'line',
        tone: 'reference',
        thin: true,
        x: individual.flatMap((line) => [...places, ...(line.length > 0 ? [places.at(-1)!] : [])]),
        y: individual.flatMap((line) => [...line, Number.NaN]),
      },
      { name: 'mean', kind: 'line', tone, x: places, y: average },
    ],
  };
}

/** Accumulated local effects: zero is the mean over customers. */
export function accumulatedFigure(
  axis: EffectAxis,
  places: readonly (number | string)[],
  effects: Float64Array,
  { tone, customers }: EffectOptions,
): Figure {
  const { least, most } = rangeOf(effects);
  return {
    id: 'accumulated-effects',
    title: 'Accumulated local effects',
    caption: `Each of ${integer(customers)} test customers moved only to values near their own: the effect runs from ${points(least)} to ${points(most)} around the mean.`,
    x: xOf(axis),
    y: { title: 'Change of the estimate', format: 'percent' },
    series: [{ name: 'effect', kind: axis.isCategory ? 'bars' : 'line', tone, x: places, y: effects }],
    rules: [{ axis: 'y', at: 0 }],
  };
}

function xOf({ title, isCategory, range }: EffectAxis): Axis {
  return {
    title,
    ...(isCategory ? { scale: 'category' as const } : { format: 'number' as const }),
    ...(range ? { range } : {}),
  };
}

function rangeOf(values: Float64Array): { readonly least: number; readonly most: number } {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { least, most };
}
