import type { FileResult } from '../../core/jobs/study-contract.ts';
import type { Figure } from '../../core/reports/figure.ts';
import { figureToRows } from '../../core/reports/figure-rows.ts';
import { loadCharts } from './library.ts';
import { lookOf } from './looks.ts';
import { plotFigure } from './plot-figure.ts';
import { escapeText } from './plot-text.ts';
import { type Underlay, underlayImage } from './underlay.ts';

/** The figure as a picture on white, with its title and caption, whatever the theme of the page. */
export async function figureImage(figure: Figure, format: 'png' | 'svg', underlay?: Underlay): Promise<FileResult> {
  const library = await loadCharts();
  const { data, layout } = plotFigure(figure, lookOf('light'));
  const source = await underlay?.draw({ width: 1600, height: 860, pixelRatio: 1, theme: 'light' });
  const url = await library.toImage(
    {
      data,
      layout: {
        ...layout,
        paper_bgcolor: '#ffffff',
        ...(source === undefined ? {} : { images: [underlayImage(source)] }),
        margin: { l: 16, r: 24, t: 56, b: 48 },
        title: {
          text: escapeText(figure.title),
          x: 0.02,
          xanchor: 'left',
          font: { size: 18, color: lookOf('light').text },
        },
      },
    },
    { format, width: 1000, height: 560, scale: 2 },
  );
  const comma = url.indexOf(',');
  const body = url.slice(comma + 1);
  const bytes = url.slice(0, comma).includes('base64')
    ? Uint8Array.from(atob(body), (each) => each.charCodeAt(0))
    : new TextEncoder().encode(decodeURIComponent(body));
  return { name: `${figure.id}.${format}`, mediaType: format === 'png' ? 'image/png' : 'image/svg+xml', bytes };
}

export function figureCsv(figure: Figure): FileResult {
  const { columns, rows } = figureToRows(figure);
  const text = [columns, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n');
  return { name: `${figure.id}.csv`, mediaType: 'text/csv', bytes: new TextEncoder().encode(`${text}\r\n`) };
}

function csvCell(cell: string | number): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
