import type { Figure, Tone } from '../figure.ts';
import { integer, number, plainName, upperFirst } from '../words.ts';

/**
 * Mean |SHAP interaction| by pair of features, both halves together, of those that take part most; the diagonal, what
 * features give alone, is left blank.
 * @param means entry i × features + j is the mean size of half of what i and j give together
 */
export function interactionFigure(
  features: readonly string[],
  means: Float64Array,
  { tone, customers, most }: { readonly tone: Tone; readonly customers: number; readonly most: number },
): Figure {
  const count = features.length;
  const pair = (i: number, j: number): number => (i === j ? 0 : 2 * means[i * count + j]!);
  const total = features.map((_, i) => features.reduce((sum, __, j) => sum + pair(i, j), 0));
  const shown = features
    .map((_, i) => i)
    .sort((a, b) => total[b]! - total[a]!)
    .slice(0, most);
  let best: readonly [number, number] = [0, 0];
  for (const i of shown) for (const j of shown) if (pair(i, j) > pair(...best)) best = [i, j];
  const names = shown.map((i) => plainName(features[i]!));
  return {
    id: 'interaction-heatmap',
    title: 'What features give only together',
    caption:
      pair(...best) === 0
        ? 'No two features interact: each moves the score in its own right.'
        : `${upperFirst(plainName(features[best[0]]!))} and ${plainName(features[best[1]]!)} interact most: together they move the log-odds by ${number(pair(...best))} on average beyond what each does alone. Over ${integer(customers)} test customers.`,
    x: { title: '', scale: 'category' },
    y: { title: '', scale: 'category', reversed: true },
    series: [
      {
        name: 'mean |interaction|',
        kind: 'heatmap',
        tone,
        x: names,
        y: names,
        z: shown.map((i) => shown.map((j) => pair(i, j))),
      },
    ],
  };
}
