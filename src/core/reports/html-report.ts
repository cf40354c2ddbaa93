import type { Figure } from './figure.ts';
import { element, escaped } from './svg/markup.ts';
import { paintVariables } from './svg/paint.ts';
import { figureToSvg } from './svg.ts';

export interface ReportTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface ReportSection {
  readonly heading: string;
  /** The verdict: one or two computed sentences. */
  readonly sentence: string;
  readonly figures?: readonly Figure[];
  readonly tables?: readonly ReportTable[];
}

export interface Report {
  readonly title: string;
  readonly sections: readonly ReportSection[];
}

/**
 * A report as one self-contained HTML file: figures as inline SVG, no scripts, nothing fetched; all text is escaped.
 * Light and dark follow the reader's setting; paper is light.
 */
export function reportHtml({ title, sections }: Report): string {
  const body = sections.map((section) => sectionHtml(section)).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body><main><h1>${escaped(title)}</h1>${body}</main></body>
</html>
`;
}

function sectionHtml({ heading, sentence, figures = [], tables = [] }: ReportSection): string {
  const pictures = figures.map((figure) => {
    const svg = figureToSvg(figure, { width: 560, height: heightOf(figure), theme: 'auto' });
    return `<figure>${svg}<figcaption>${escaped(figure.caption)}</figcaption></figure>`;
  });
  const grid = pictures.length > 0 ? `<div class="figures">${pictures.join('')}</div>` : '';
  return `<section><h2>${escaped(heading)}</h2><p class="verdict">${escaped(sentence)}</p>${tables.map(tableHtml).join('')}${grid}</section>`;
}

function heightOf(figure: Figure): number {
  if (figure.y.scale !== 'category') return 340;
  const names = new Set(figure.series.flatMap((series) => Array.from(series.y, String)));
  return Math.max(180, 90 + names.size * 24);
}

function tableHtml({ title, columns, rows }: ReportTable): string {
  const numeric = columns.map((_, i) => rows.every((row) => looksNumeric(row[i])));
  const cell = (tag: 'th' | 'td', value: string | number, i: number): string =>
    element(
      tag,
      { ...(numeric[i] ? { class: 'number' } : {}), ...(tag === 'th' ? { scope: 'col' } : {}) },
      escaped(String(value)) || '&#8203;',
    );
  const head = columns.map((name, i) => cell('th', name, i)).join('');
  const body = rows.map((row) => `<tr>${row.map((value, i) => cell('td', value, i)).join('')}</tr>`).join('');
  const hasHeads = columns.some((name) => name !== '');
  return `<div class="table"><table><caption>${escaped(title)}</caption>${hasHeads ? `<thead><tr>${head}</tr></thead>` : ''}<tbody>${body}</tbody></table></div>`;
}

/** Figures, shares, bands and money line up on the right. */
function looksNumeric(value: string | number | undefined): boolean {
  return (
    typeof value === 'number' ||
    value === '' ||
    value === '–' ||
    /^[A-Z]{0,3} ?[−+-]?\d[\d.,\s%–−±-]*×?$/.test(value ?? '')
  );
}

const style = `
:root{color-scheme:light dark;${paintVariables('light')}}
@media (prefers-color-scheme:dark){:root{${paintVariables('dark')}}}
@media print{:root{${paintVariables('light')}}section{break-inside:auto}figure,tr{break-inside:avoid}}
*{box-sizing:border-box}
body{margin:0;background:var(--background);color:var(--text);font:14px/1.5 Inter,system-ui,-apple-system,'Segoe UI',sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1200px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:28px;line-height:1.2;margin:0 0 32px}
h2{font-size:20px;margin:40px 0 8px;padding-top:16px;border-top:1px solid var(--grid)}
.verdict{font-size:16px;max-width:72ch;margin:0 0 24px}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,480px),1fr));gap:32px 24px;align-items:start}
figure{margin:0}
figure svg{width:100%;height:auto;display:block}
figcaption{color:var(--quiet);font-size:13px;margin-top:8px;max-width:72ch}
.table{overflow-x:auto;margin:0 0 24px}
table{border-collapse:collapse;min-width:100%;font-size:13px}
caption{text-align:left;color:var(--quiet);padding-bottom:8px}
th,td{text-align:left;padding:6px 16px 6px 0;border-bottom:1px solid var(--grid);white-space:nowrap}
th{font-weight:600;color:var(--quiet)}
.number{text-align:right}
td:not(.number){white-space:normal}
td:not(.number):not(:first-child){min-width:180px}
`;
