// npm run nightly: what is too long for every run or needs more than npm and a browser (Python 3 for LightGBM).
// PROPENSITY_DATA=DIR adds the public tables of docs/benchmarks.md. Exit code 0 only if all of it holds.
import { mkdirSync, writeFileSync } from 'node:fs';
import { holds, printRows } from '../bench/harness/print.ts';
import type { BenchRow } from '../bench/harness/row.ts';
import { bench as realData } from '../bench/real-data.ts';
import { exportsAgree } from './nightly/exports.ts';
import { lightgbmFiles } from './nightly/lightgbm-files.ts';
import { lightgbmReadsModel } from './nightly/lightgbm-reads-model.ts';
import { millionCustomers } from './nightly/million-customers.ts';
import { buildAll } from './setup/build.ts';

const folder = process.env['PROPENSITY_DATA'];
const parts: [string, () => Promise<BenchRow[]>][] = [
  ['LightGBM reads the model', lightgbmReadsModel],
  ['LightGBM files, both ways and spoiled', lightgbmFiles],
  ['Exports, each run by its engine', exportsAgree],
  ['A million customers in the page', millionCustomers],
];
if (folder) parts.push(['Public tables', () => realData({ full: true, runs: 1, flags: { 'data-folder': folder } })]);
else console.log('PROPENSITY_DATA names no folder: the public tables are left out.');

await buildAll();
const rows: BenchRow[] = [];
const broken: string[] = [];
for (const [name, part] of parts) {
  console.log(`${name} …`);
  try {
    rows.push(...(await part()));
  } catch (error) {
    broken.push(name);
    console.error(`${name} did not get through: ${error instanceof Error ? error.message : String(error)}`);
  }
}
mkdirSync('artifacts/bench', { recursive: true });
writeFileSync('artifacts/bench/nightly.json', `${JSON.stringify(rows, null, 1)}\n`);
printRows(rows);
const short = rows.filter((row) => !holds(row)).map(({ name }) => name);
console.log([...broken, ...short].length === 0 ? 'All of it holds.' : `Not so: ${[...broken, ...short].join('; ')}.`);
process.exit(broken.length + short.length === 0 ? 0 : 1);
