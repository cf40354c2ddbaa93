import type { Figure } from '../figure.ts';
import { integer, listing, number, plainName } from '../words.ts';

interface Attributed {
  readonly name: string;
  readonly explanation: {
    readonly baseValue: number;
    readonly rawScore: number;
    readonly attributions: readonly { readonly feature: string; readonly attribution: number }[];
  };
}

const shownFeatures = 15;

/** Each customer a line from the base value to the raw score, the features that matter most to them at the top. */
export function decisionFigure(customers: readonly Attributed[]): Figure {
  const features = ranked(customers);
  const shown = features.slice(0, shownFeatures);
  const rest = features.slice(shownFeatures);
  const names = [...shown.map(plainName), ...(rest.length > 0 ? [`${integer(rest.length)} others`] : []), 'base'];
  const ends = customers.map(({ explanation }) => explanation.rawScore);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return {
    id: 'decision',
    title: 'How the scores come about',
    caption:
      customers.length === 1
        ? `From the base value at the bottom to the raw score of ${customers[0]!.name}, ${number(ends[0]!)}, one feature after the other.`
        : `From the same base value at the bottom the ${integer(customers.length)} customers part, mostly by ${listing(shown.slice(0, 2).map(plainName))}, and end between ${number(low)} and ${number(high)}.`,
    x: { title: 'Raw score so far', unit: 'log-odds', format: 'number' },
    y: { title: '', scale: 'category', reversed: true },
    series: customers.map(({ name, explanation }, i) => {
      const of = new Map(explanation.attributions.map(({ feature, attribution }) => [feature, attribution]));
      const sum = (of_: readonly string[]) => of_.reduce((total, feature) => total + (of.get(feature) ?? 0), 0);
      // Upwards: base, the many small ones, then the larger.
      const steps = [
        0,
        ...(rest.length > 0 ? [sum(rest)] : []),
        ...shown.toReversed().map((feature) => of.get(feature) ?? 0),
      ];
      let at = explanation.baseValue;
      const along = steps.map((step) => (at += step));
      return {
        name,
        kind: 'line' as const,
        tone: lineTones[i % lineTones.length]!,
        x: along.toReversed(),
        y: names,
      };
    }),
  };
}

const lineTones = ['current', 'boosting', 'neural', 'imported', 'logistic', 'oracle'] as const;

/** What each feature adds to one customer beyond what it adds to another. */
export function differenceFigure(one: Attributed, other: Attributed): Figure {
  const of = new Map(other.explanation.attributions.map(({ feature, attribution }) => [feature, attribution]));
  const differences = one.explanation.attributions
    .map(({ feature, attribution }) => ({ feature, size: attribution - (of.get(feature) ?? 0) }))
    .sort((a, b) => Math.abs(b.size) - Math.abs(a.size));
  const shown = differences.slice(0, 12);
  const total = one.explanation.rawScore - other.explanation.rawScore;
  return {
    id: 'difference',
    title: `What sets ${one.name} apart from ${other.name}`,
    caption: `The raw score of ${one.name} is ${number(Math.abs(total))} ${total >= 0 ? 'higher' : 'lower'}; ${plainName(shown[0]?.feature ?? 'nothing')} makes the largest difference (${number(shown[0]?.size ?? 0)}).`,
    x: { title: 'Difference of what it adds', unit: 'log-odds', format: 'number' },
    y: { title: '', scale: 'category', reversed: true },
    series: [
      {
        name: 'difference',
        kind: 'bars-horizontal',
        tone: 'raises',
        tones: shown.map(({ size }) => (size >= 0 ? 'raises' : 'lowers')),
        x: shown.map(({ size }) => size),
        y: shown.map(({ feature }) => plainName(feature)),
        text: shown.map(({ size }) => number(size)),
      },
    ],
  };
}

/** Attributions of many customers: a column each, from the highest score to the lowest; a row for each large feature. */
export function heatmapFigure(
  customers: readonly { readonly name: string; readonly values: readonly number[] }[],
  features: readonly string[],
  among: number,
): Figure {
  const size = features.map((_, f) => customers.reduce((sum, { values }) => sum + Math.abs(values[f]!), 0));
  const shown = features
    .map((_, f) => f)
    .sort((a, b) => size[b]! - size[a]!)
    .slice(0, 12);
  return {
    id: 'attribution-heatmap',
    title: 'From the highest score to the lowest',
    caption: `${integer(customers.length)} of ${integer(among)} customers, evenly spaced by score, highest left. Orange raises the score, blue lowers it; the strongest row is ${plainName(features[shown[0] ?? 0] ?? '')}.`,
    x: { title: 'Customers by score', scale: 'category', hidesNames: true },
    y: { title: '', scale: 'category', reversed: true },
    series: [
      {
        name: 'attribution',
        kind: 'heatmap',
        tone: 'raises',
        diverging: true,
        x: customers.map(({ name }) => name),
        y: shown.map((f) => plainName(features[f]!)),
        z: shown.map((f) => customers.map(({ values }) => values[f]!)),
      },
    ],
  };
}

function ranked(customers: readonly Attributed[]): string[] {
  const sizes = new Map<string, number>();
  for (const { explanation } of customers) {
    for (const { feature, attribution } of explanation.attributions) {
      sizes.set(feature, (sizes.get(feature) ?? 0) + Math.abs(attribution));
    }
  }
  return [...sizes].sort((a, b) => b[1] - a[1]).map(([feature]) => feature);
}
