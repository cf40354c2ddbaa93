import type { Figure, Tone } from '../figure.ts';
import { plainName } from '../words.ts';

export interface DrawnCoefficient {
  readonly name: string;
  readonly coefficient: number;
  readonly low: number;
  readonly high: number;
  readonly words: string;
}

/**
 * Coefficients with their intervals, those first that are largest at the end of their interval nearest to zero; grey where
 * the interval holds zero. Without the intercept.
 */
export function coefficientsFigure(
  coefficients: readonly DrawnCoefficient[],
  { caption, most = 20 }: { readonly caption: string; readonly most?: number },
): Figure {
  const ordered = coefficients.toSorted((a, b) => leastOf(b) - leastOf(a));
  const shown = ordered.slice(0, most);
  const rest = ordered.length - shown.length;
  return {
    id: 'coefficients',
    title: 'What each input does to the odds',
    caption: rest > 0 ? `${caption} The ${most} surest are drawn; ${rest} more stand in the table.` : caption,
    x: { title: 'Change of the log-odds', format: 'number' },
    y: { title: '', scale: 'category', reversed: true },
    series: [
      {
        name: 'coefficient',
        kind: 'bars-horizontal',
        tone: 'logistic',
        x: shown.map((each) => each.coefficient),
        y: shown.map((each) => plainName(each.name)),
        low: shown.map((each) => each.low),
        high: shown.map((each) => each.high),
        tones: shown.map(toneOf),
        text: shown.map((each) => each.words),
      },
    ],
    rules: [{ axis: 'x', at: 0, tone: 'reference' }],
  };
}

/** The least effect that the interval allows; below zero where it allows none. */
const leastOf = ({ low, high }: DrawnCoefficient): number => Math.max(low, -high);

function toneOf({ low, high }: DrawnCoefficient): Tone {
  if (low <= 0 && high >= 0) return 'reference';
  return low > 0 ? 'raises' : 'lowers';
}
