import { sigmoid } from '../../shared/exact-math.ts';
import type { Figure, Tone } from '../figure.ts';
import { number } from '../words.ts';

export interface WaterfallStep {
  /** Plain words, with the customer's value: "Days since last purchase = 12". */
  readonly label: string;
  /** Change of the log-odds. */
  readonly attribution: number;
}

/**
 * From the average customer's log-odds to this one's: the largest steps, the rest as one, ending at the raw score. Steps
 * toned `raises` or `lowers` add up; the first (`reference`) and the last (`current`) stand from zero.
 */
export function waterfallFigure(baseLogOdds: number, steps: readonly WaterfallStep[], mostSteps = 10): Figure {
  const ordered = steps.toSorted((a, b) => Math.abs(b.attribution) - Math.abs(a.attribution));
  const shown = ordered.slice(0, mostSteps);
  const rest = ordered.slice(mostSteps);
  const restSum = rest.reduce((sum, step) => sum + step.attribution, 0);
  const all = rest.length === 0 ? shown : [...shown, { label: `${rest.length} other features`, attribution: restSum }];
  const end = all.reduce((sum, step) => sum + step.attribution, baseLogOdds);
  const x = [baseLogOdds, ...all.map((step) => step.attribution), end];
  const tones: Tone[] = [
    'reference',
    ...all.map((step): Tone => (step.attribution >= 0 ? 'raises' : 'lowers')),
    'current',
  ];
  const y = ['Average customer', ...all.map((step) => step.label), 'This customer'];
  const text = x.map((value, i) =>
    i === 0 || i === x.length - 1 ? `${number(value)}, score ${sigmoid(value).toFixed(2)}` : change(value),
  );
  return {
    id: 'waterfall',
    title: 'Why this score',
    caption: captionOf(ordered, end),
    x: { title: 'Log-odds of converting', unit: 'log-odds', format: 'number' },
    y: { title: '', scale: 'category', reversed: true },
    series: [{ name: 'attribution', kind: 'waterfall', tone: 'raises', x, y, tones, text }],
  };
}

function captionOf(ordered: readonly WaterfallStep[], end: number): string {
  const up = ordered.find((step) => step.attribution > 0);
  const down = ordered.find((step) => step.attribution < 0);
  const parts = [up ? `${up.label} raises the score most` : '', down ? `${down.label} lowers it most` : ''].filter(
    Boolean,
  );
  const score = `together they end at log-odds ${number(end)}, a propensity score of ${sigmoid(end).toFixed(2)}`;
  return parts.length === 0 ? `No feature moves this customer: ${score.slice(14)}.` : `${parts.join('; ')}; ${score}.`;
}

function change(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value);
}
