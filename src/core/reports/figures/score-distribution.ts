import type { Confusion } from '../../evaluation/confusion.ts';
import type { ScoreDistribution } from '../../evaluation/score-distribution.ts';
import type { Figure, Series, Tone } from '../figure.ts';
import { percent } from '../words.ts';

/** Propensity scores of buyers and of non-buyers, each as shares of their own, with the cut. */
export function scoreDistributionFigure(
  distribution: ScoreDistribution,
  cut: number,
  { truePositive, falseNegative, falsePositive, trueNegative }: Confusion,
): Figure {
  const bought = truePositive / (truePositive + falseNegative);
  const others = falsePositive / (falsePositive + trueNegative);
  return {
    id: 'score-distribution',
    title: 'Propensity score by outcome',
    caption: `${percent(bought)} of buyers score at least ${cut.toFixed(2)}, and ${percent(others)} of those who did not buy.`,
    x: { title: 'Propensity score', format: 'number', range: [0, 1] },
    y: { title: 'Share of each group', format: 'percent' },
    series: [
      steps('bought', 'raises', distribution.edges, distribution.buyers),
      steps('did not buy', 'lowers', distribution.edges, distribution.others),
    ],
    rules: [{ axis: 'x', at: cut, label: `cut ${cut.toFixed(2)}`, tone: 'current' }],
  };
}

/** Steps start at each edge; the last height is repeated to close the last bin. */
function steps(name: string, tone: Tone, edges: readonly number[], counts: readonly number[]): Series {
  const total = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
  const shares = counts.map((count) => count / total);
  return { name, kind: 'steps', tone, x: edges, y: [...shares, shares.at(-1) ?? 0] };
}
