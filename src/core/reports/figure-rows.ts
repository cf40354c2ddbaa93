import type { Figure, Series } from './figure.ts';

export interface FigureRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The numbers of a figure as a table: one row per point, for CSV and for reading aloud. */
export function figureToRows(figure: Figure): FigureRows {
  const banded = figure.series.some((series) => series.low);
  const worded = figure.series.some((series) => series.text);
  const columns = [
    'series',
    headOf(figure.x.title, 'x'),
    headOf(figure.y.title, 'y'),
    ...(banded ? ['low', 'high'] : []),
    ...(worded ? ['note'] : []),
    ...(figure.series.some((series) => series.z) ? ['value'] : []),
  ];
  const rows = figure.series.flatMap((series) => (series.z ? cells(series) : points(series, banded, worded)));
  return { columns, rows };
}

function points(series: Series, banded: boolean, worded: boolean): (string | number)[][] {
  return Array.from(series.x, (x, i) => [
    series.name,
    x,
    series.y[i] ?? '',
    ...(banded ? [series.low?.[i] ?? '', series.high?.[i] ?? ''] : []),
    ...(worded ? [series.text?.[i] ?? ''] : []),
  ]);
}

function cells(series: Series): (string | number)[][] {
  return (series.z ?? []).flatMap((row, j) =>
    row.map((value, i) => [series.name, series.x[i] ?? '', series.y[j] ?? '', value]),
  );
}

function headOf(title: string, otherwise: string): string {
  return title === '' ? otherwise : title;
}
