import type { Tone } from '../figure.ts';
import { type ChartColours, chartColours, type Theme, toneColours } from '../tones.ts';

export interface Paint extends ChartColours {
  readonly tone: (tone: Tone) => string;
}

/** Colours of one theme, or (`auto`) of CSS variables that a page around the picture defines. */
export function paintOf(theme: Theme | 'auto'): Paint {
  if (theme !== 'auto') {
    const tones = toneColours(theme);
    return { ...chartColours(theme), tone: (tone) => tones[tone] };
  }
  const fallback = toneColours('light');
  const chart = chartColours('light');
  const variable = (name: keyof ChartColours): string => `var(--${name}, ${chart[name]})`;
  return {
    background: variable('background'),
    text: variable('text'),
    quiet: variable('quiet'),
    grid: variable('grid'),
    tone: (tone) => `var(--${tone}, ${fallback[tone]})`,
  };
}

/** The variables `auto` reads, as CSS declarations. */
export function paintVariables(theme: Theme): string {
  return Object.entries({ ...chartColours(theme), ...toneColours(theme) })
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}
