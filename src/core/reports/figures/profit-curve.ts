import type { ProfitPoint } from '../../decisions/profit-curve.ts';
import type { Figure } from '../figure.ts';
import { integer, percent } from '../words.ts';

/** Expected profit against the share of customers contacted, with its band and the cut. */
export function profitCurveFigure(
  curve: readonly ProfitPoint[],
  options: { readonly currency: string; readonly contactedShare: number },
): Figure {
  const { currency, contactedShare } = options;
  return {
    id: 'profit-curve',
    title: 'Expected profit',
    caption: captionOf(curve, currency),
    x: { title: 'Customers contacted, best first', format: 'percent', range: [0, 1] },
    y: { title: 'Profit', unit: currency, format: 'money' },
    series: [
      {
        name: 'expected profit',
        kind: 'line',
        tone: 'current',
        x: curve.map((point) => point.share),
        y: curve.map((point) => point.profit.value),
        low: curve.map((point) => point.profit.low),
        high: curve.map((point) => point.profit.high),
        text: curve.map((point) => `score ${point.cut.score.toFixed(2)}, ${integer(point.contacts.value)} contacts`),
      },
    ],
    rules: [
      { axis: 'y', at: 0, tone: 'reference' },
      { axis: 'x', at: contactedShare, label: `cut ${percent(contactedShare)}`, tone: 'current' },
    ],
  };
}

function captionOf(curve: readonly ProfitPoint[], currency: string): string {
  const best = curve.toSorted((a, b) => b.profit.value - a.profit.value)[0];
  const everyone = curve.at(-1);
  if (!best || !everyone) return 'There is nobody to contact.';
  const all = `contacting everyone brings ${currency} ${integer(everyone.profit.value)}`;
  if (best.share === 0) return `No depth of the list pays: ${all}.`;
  const { value, low, high } = best.profit;
  return `Profit is highest with the ${percent(best.share)} ranked highest: ${currency} ${integer(value)} (${integer(low)} to ${integer(high)}); ${all}.`;
}
