import type { Round } from '../../models/model.ts';
import type { Figure } from '../figure.ts';
import { number } from '../words.ts';

export type PathMeasure = 'loss' | 'auc';

const measureWords: Readonly<Record<PathMeasure, string>> = {
  loss: 'Log-loss on validation customers',
  auc: 'AUC on validation customers',
};

/**
 * The validation measure by C: each C as it stood after its last step on the path. Nothing where C was not chosen, that is
 * where only one was tried. The rounds are those of a logistic regression, which tell their C.
 */
export function regularisationPathFigure(
  rounds: readonly Round[],
  { bestRound, measure }: { readonly bestRound: number; readonly measure: PathMeasure },
): Figure | undefined {
  const path = pathOf(rounds).filter(({ validation }) => validation[measure] !== undefined);
  const chosen = rounds[bestRound - 1]?.train['C'];
  if (path.length < 2 || chosen === undefined) return undefined;
  const c = path.map(({ train }) => train['C'] as number);
  const values = path.map(({ validation }) => validation[measure] as number);
  const at = c.indexOf(chosen);
  return {
    id: `regularisation-path-${measure}`,
    title: 'How strong a penalty does best',
    caption: captionOf(c, values, chosen, measure),
    x: { title: 'C: the larger, the weaker the penalty', format: 'number', scale: 'log' },
    y: { title: measureWords[measure], format: 'number' },
    series: [
      { name: 'validation', kind: 'line', tone: 'logistic', x: c, y: values },
      ...(at < 0
        ? []
        : [{ name: 'chosen', kind: 'points', tone: 'current', x: [chosen], y: [values[at] as number] } as const]),
    ],
  };
}

/** The last step of each C, the first time that it was tried: the chosen one is refined again at the end. */
function pathOf(rounds: readonly Round[]): readonly Round[] {
  const ends = new Map<number, Round>();
  rounds.forEach((round, i) => {
    const c = round.train['C'];
    if (c !== undefined && rounds[i + 1]?.train['C'] !== c && !ends.has(c)) ends.set(c, round);
  });
  return [...ends.values()];
}

function captionOf(c: readonly number[], values: readonly number[], chosen: number, measure: PathMeasure): string {
  const at = c.indexOf(chosen);
  const name = measure === 'auc' ? 'AUC' : 'log-loss';
  const reached = at < 0 ? '' : `, at ${name} ${number(values[at] as number)}`;
  const spread = Math.max(...values) - Math.min(...values);
  const end = at === 0 || at === c.length - 1 ? ' It is the end of the values tried.' : '';
  return `C = ${chosen} was chosen among ${c.length} values${reached}; between all values tried the ${name} differs by ${number(spread)}.${end}`;
}
