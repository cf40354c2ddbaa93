import type { Round } from '../../models/model.ts';
import type { Figure } from '../figure.ts';
import { number } from '../words.ts';

export type TracedMeasure = 'learning_rate' | 'gradient_norm';

const titles: Readonly<Record<TracedMeasure, string>> = {
  learning_rate: 'Learning rate',
  gradient_norm: 'Gradient norm',
};

/** What a network tells of every epoch beside its loss; nothing where no round tells it. */
export function roundTraceFigure(
  rounds: readonly Round[],
  { measure, bestRound }: { readonly measure: TracedMeasure; readonly bestRound: number },
): Figure | undefined {
  const told = rounds.filter(({ train }) => Number.isFinite(train[measure]));
  const values = told.map(({ train }) => train[measure] as number);
  if (values.length === 0) return undefined;
  return {
    id: measure.replace('_', '-'),
    title: titles[measure],
    caption: measure === 'learning_rate' ? rateCaption(values) : normCaption(values),
    x: { title: 'Epoch', format: 'integer' },
    y: {
      title: measure === 'learning_rate' ? 'Step size' : 'Mean length',
      format: 'number',
    },
    series: [
      {
        name: titles[measure].toLowerCase(),
        kind: 'line',
        tone: 'neural',
        x: told.map(({ round }) => round),
        y: values,
      },
    ],
    rules: [{ axis: 'x', at: bestRound, label: 'kept', tone: 'current' }],
  };
}

function rateCaption(values: readonly number[]): string {
  const [first, last] = [values[0] as number, values.at(-1) as number];
  if (values.every((value) => value === first)) return `Every epoch stepped at ${number(first)}.`;
  const highest = Math.max(...values);
  const rose = highest > Math.max(first, last) ? `, rose to ${number(highest)}` : '';
  return `Steps began at ${number(first)}${rose} and ended at ${number(last)}.`;
}

function normCaption(values: readonly number[]): string {
  const [first, last] = [values[0] as number, values.at(-1) as number];
  const highest = Math.max(...values);
  const wild = highest > 10 * first ? ' It leapt on the way: a lower learning rate is steadier.' : '';
  return `Before clipping, the gradient was ${number(first)} long on average in the first epoch and ${number(last)} in the last.${wild}`;
}
