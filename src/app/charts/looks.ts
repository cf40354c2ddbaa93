import type { Tone } from '../../core/reports/figure.ts';
import { chartColours, type Theme, toneColours } from '../../core/reports/tones.ts';

/** Everything a chart needs to know about the theme. */
export interface Look {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly surface: string;
  readonly tones: Readonly<Record<Tone, string>>;
}

export function lookOf(theme: Theme): Look {
  const { text, quiet, grid, background } = chartColours(theme);
  return { text, muted: quiet, grid, surface: background, tones: toneColours(theme) };
}
