import type { Tone } from './figure.ts';

export type Theme = 'light' | 'dark';

/** The colours of everything that is not data. */
export interface ChartColours {
  readonly background: string;
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
}

const light: Readonly<Record<Tone, string>> = {
  logistic: '#0072B2',
  boosting: '#E69F00',
  neural: '#009E73',
  imported: '#CC79A7',
  raises: '#D55E00',
  lowers: '#0072B2',
  reference: '#8A8F98',
  current: '#3B5BDB',
  high: '#364FC7',
  medium: '#748FFC',
  low: '#BAC8FF',
  train: '#8A8F98',
  validation: '#3B5BDB',
  oracle: '#6B7280',
};

/** Okabe and Ito's hues hold on both grounds; greys and the accent are drawn again for the dark one. */
const dark: Readonly<Record<Tone, string>> = {
  ...light,
  logistic: '#3A9BD9',
  lowers: '#3A9BD9',
  neural: '#1DB88B',
  raises: '#F0772B',
  reference: '#868E99',
  current: '#91A7FF',
  high: '#91A7FF',
  medium: '#5C7CFA',
  low: '#364FC7',
  train: '#868E99',
  validation: '#91A7FF',
  oracle: '#A7AEB9',
};

/** The colour of each meaning, the same in every chart, table and report. */
export function toneColours(theme: Theme): Readonly<Record<Tone, string>> {
  return theme === 'light' ? light : dark;
}

export function chartColours(theme: Theme): ChartColours {
  return theme === 'light'
    ? { background: '#FFFFFF', text: '#1F2430', quiet: '#5B6270', grid: '#E7E9ED' }
    : { background: '#16181D', text: '#E6E8EC', quiet: '#A3AAB6', grid: '#2A2E37' };
}
