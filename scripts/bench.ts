// npm run bench -- NAME [--full] [--runs N] [its own flags]: one benchmark against its peer, printed and saved to
// artifacts/bench/NAME.json.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { holds, printRows } from '../bench/harness/print.ts';
import type { Bench, BenchFlags } from '../bench/harness/row.ts';
import { buildAll } from './setup/build.ts';

const [name = '', ...args] = process.argv.slice(2);
const known = readdirSync('bench').flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
if (!known.includes(name)) {
  console.error(`Which benchmark? npm run bench -- ${known.join(' | ')}`);
  process.exit(1);
}
try {
  const { bench, flags } = (await import(`../bench/${name}.ts`)) as { bench: Bench; flags?: BenchFlags };
  const { values } = parseArgs({
    args,
    options: { full: { type: 'boolean', default: false }, runs: { type: 'string', default: '3' }, ...flags },
  });
  const runs = Number(values.runs);
  if (!(Number.isInteger(runs) && runs >= 1))
    throw new Error(`--runs is "${values.runs}", expected a whole number from 1.`);
  await buildAll();
  const started = performance.now();
  const rows = await bench({ full: values.full, runs, flags: values });
  mkdirSync('artifacts/bench', { recursive: true });
  writeFileSync(`artifacts/bench/${name}.json`, `${JSON.stringify(rows, null, 1)}\n`);
  printRows(rows);
  console.log(
    `${rows.length} rows in ${((performance.now() - started) / 60_000).toFixed(1)} min: artifacts/bench/${name}.json`,
  );
  process.exit(rows.every(holds) ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
