import type { ColumnSchema } from '../core/data/schema.ts';
import type { Scorer } from '../core/scoring/scorer.ts';
import { routes } from './routes.ts';

/** The API to read: one page of plain HTML without scripts or anything from elsewhere. */
export function docsPage(scorer: Scorer | undefined): string {
  const paths = routes.map(({ method, path, summary, takes, gives }) => [
    `<code>${method} ${path}</code>`,
    escape(summary),
    (takes ?? []).map(escape).join('<br>'),
    gives.map(escape).join('<br>'),
  ]);
  const fields = scorer?.bundle.schema.columns.filter(({ name }) => scorer.needed.has(name)) ?? [];
  const about = scorer
    ? `<p>The model <code>${escape(scorer.bundle.manifest.modelVersion)}</code> answers. It was made from ${escape(scorer.bundle.manifest.createdFrom)}.</p>`
    : '<p>No model answers yet.</p>';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Propensity Studio API</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c2733; background: #fff }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #d5dbe1 }
pre { background: #f3f5f7; padding: 1rem; overflow: auto } code { font-family: ui-monospace, monospace; font-size: .9em }
</style>
<h1>Propensity Studio API</h1>
${about}
<p>For programs: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1). Errors are problem documents (RFC 9457).</p>
<h2>Paths</h2>
${table(['Path', 'Answers', 'Takes', 'Gives'], paths)}
<h2>A customer's fields</h2>
${table(['Field', 'Meaning', 'Type', 'Required'], fields.map(fieldRow))}
<h2>Example</h2>
<pre>${escape(example(fields))}</pre>
`;
}

function fieldRow({ name, description, kind, unit, optional }: ColumnSchema): string[] {
  return [
    `<code>${escape(name)}</code>`,
    escape(unit ? `${description}, ${unit}` : description),
    kind,
    optional ? '' : 'yes',
  ];
}

function example(fields: readonly ColumnSchema[]): string {
  const values = fields.filter(({ optional }) => !optional).map((column) => [column.name, sampleValue(column)]);
  const customer = JSON.stringify({ customer_id: 'CUST_001', ...Object.fromEntries(values) });
  return `curl -X POST http://localhost:8000/predict \\\n  -H 'Content-Type: application/json' \\\n  -d '${customer.replaceAll("'", "'\\''")}'`;
}

/** A value that the field takes. */
export function sampleValue({ kind, min, max, levels, integer }: ColumnSchema): number | string {
  switch (kind) {
    case 'number': {
      const value = min !== undefined && max !== undefined ? (min + max) / 2 : (min ?? max ?? 1);
      return integer ? Math.round(value) : value;
    }
    case 'category':
      return levels?.[0] ?? '';
    case 'date':
      return '2025-01-31';
    case 'text':
      return 'text';
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<table>${[line(head, 'th'), ...rows.map((row) => line(row, 'td'))].join('\n')}</table>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
