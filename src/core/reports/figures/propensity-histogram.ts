import type { Figure } from '../figure.ts';
import { percent } from '../words.ts';

const binCount = 40;

/** Propensity scores of customers whose outcome is not known, with the cut. */
export function propensityHistogram(propensity: Float64Array, cut: number): Figure {
  const counts = new Array<number>(binCount).fill(0);
  let above = 0;
  for (const score of propensity) {
    const bin = Math.min(binCount - 1, Math.floor(score * binCount));
    counts[bin] = (counts[bin] as number) + 1;
    if (score >= cut) above++;
  }
  const total = Math.max(1, propensity.length);
  const shares = counts.map((count) => count / total);
  return {
    id: 'propensity-histogram',
    title: 'Propensity scores',
    caption: `${percent(above / total)} of these customers score at least ${cut.toFixed(2)}.`,
    x: { title: 'Propensity score', format: 'number', range: [0, 1] },
    y: { title: 'Share of customers', format: 'percent' },
    series: [
      {
        name: 'customers',
        kind: 'steps',
        tone: 'current',
        x: Array.from({ length: binCount + 1 }, (_, bin) => bin / binCount),
        y: [...shares, shares.at(-1) ?? 0],
      },
    ],
    rules: [{ axis: 'x', at: cut, label: `cut ${cut.toFixed(2)}`, tone: 'current' }],
  };
}
