import type { Figure } from '../../core/reports/figure.ts';

export interface FigureRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** The numbers of a figure, one row per point, series after series. */
export function figureToRows(figure: Figure): FigureRows {
  const hasBand = figure.series.some((series) => series.low);
  const hasText = figure.series.some((series) => series.text);
  return {
    columns: [
      'Series',
      figure.x.title || 'x',
      figure.y.title || 'y',
      ...(hasBand ? ['Low', 'High'] : []),
      ...(hasText ? ['Note'] : []),
    ],
    rows: figure.series.flatMap((series) =>
      Array.from(series.x as ArrayLike<number | string>, (x, i) => [
        series.name,
        x,
        series.y[i] ?? null,
        ...(hasBand ? [series.low?.[i] ?? null, series.high?.[i] ?? null] : []),
        ...(hasText ? [series.text?.[i] ?? null] : []),
      ]),
    ),
  };
}
