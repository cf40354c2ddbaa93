/** A result as a picture, in plain data: drawn by Plotly in the page and as inline SVG in files. */
export interface Figure {
  /** Stable, kebab-case: "roc", "calibration". Names the PNG, the test and the URL. */
  readonly id: string;
  readonly title: string;
  /** One sentence that reads the picture, computed from its numbers. */
  readonly caption: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Thin reference lines: the cut, chance, PSI bands. */
  readonly rules?: readonly Rule[];
}

export interface Axis {
  readonly title: string;
  readonly unit?: string;
  readonly format?: 'number' | 'percent' | 'money' | 'integer';
  readonly scale?: 'linear' | 'log' | 'category';
  readonly range?: readonly [number, number];
  /** First category at the top (horizontal bars). */
  readonly reversed?: boolean;
  /** Many categories whose names would only be noise. */
  readonly hidesNames?: boolean;
}

/** What a colour means, never a colour itself: both themes and the printed report map it. */
export type Tone =
  | 'logistic'
  | 'boosting'
  | 'neural'
  | 'imported'
  | 'raises'
  | 'lowers'
  | 'reference'
  | 'current'
  | 'high'
  | 'medium'
  | 'low'
  | 'train'
  | 'validation'
  | 'oracle';

export interface Series {
  readonly name: string;
  readonly kind: 'line' | 'points' | 'bars' | 'bars-horizontal' | 'steps' | 'waterfall' | 'heatmap';
  readonly tone: Tone;
  readonly dashed?: boolean;
  /** Many faint lines as one series, parted by NaN. */
  readonly thin?: boolean;
  readonly x: readonly (number | string)[] | Float64Array;
  readonly y: readonly (number | string)[] | Float64Array;
  /** A band around y (around x for horizontal bars and waterfalls), equally long. */
  readonly low?: readonly number[] | Float64Array;
  readonly high?: readonly number[] | Float64Array;
  /** Words at each point, for hover and the table. */
  readonly text?: readonly string[];
  /** Per-point tones (waterfall steps, bands), equally long. */
  readonly tones?: readonly Tone[];
  /** Heatmap cell values, row by row. */
  readonly z?: readonly (readonly number[])[];
  /** Heatmap cells below zero in the tone `lowers`, zero without colour. */
  readonly diverging?: boolean;
}

export interface Rule {
  readonly axis: 'x' | 'y' | 'diagonal';
  readonly at?: number;
  readonly label?: string;
  readonly tone?: Tone;
}
