import type { Round } from '../../models/model.ts';
import type { Figure, Series, Tone } from '../figure.ts';
import { counted, integer, number } from '../words.ts';

/** One measure over the rounds of training, on training and on validation customers. */
export function learningCurvesFigure(
  rounds: readonly Round[],
  options: { readonly metric: string; readonly label: string; readonly bestRound?: number },
): Figure {
  const { metric, label, bestRound } = options;
  return {
    id: 'learning-curves',
    title: 'Learning curves',
    caption: captionOf(rounds, options),
    x: { title: 'Round of training', format: 'integer' },
    y: { title: label, format: 'number' },
    series: [curve('training', 'train', rounds, metric), curve('validation', 'validation', rounds, metric)].filter(
      (series) => series.x.length > 0,
    ),
    ...(bestRound === undefined ? {} : { rules: [{ axis: 'x', at: bestRound, label: 'kept', tone: 'current' }] }),
  };
}

function curve(name: string, on: 'train' | 'validation', rounds: readonly Round[], metric: string): Series {
  const measured = rounds.filter((round) => round[on][metric] !== undefined);
  const tone: Tone = on;
  return {
    name,
    kind: 'line',
    tone,
    x: measured.map((round) => round.round),
    y: measured.map((round) => round[on][metric] as number),
  };
}

function captionOf(
  rounds: readonly Round[],
  { metric, label, bestRound }: { readonly metric: string; readonly label: string; readonly bestRound?: number },
): string {
  const best = rounds.find((round) => round.round === bestRound) ?? rounds.at(-1);
  const reached = best?.validation[metric];
  if (!best || reached === undefined) return 'Training has not measured validation customers yet.';
  const after = (rounds.at(-1)?.round ?? best.round) - best.round;
  const stopped = after > 0 ? `; ${counted(after, 'more round')} brought nothing` : '';
  return `Round ${integer(best.round)} was best on validation, at ${label} ${number(reached)}${stopped}.`;
}
