// npm run bench -- NAME [--full] [--runs N]: one benchmark against its peer, printed and saved to artifacts/bench/NAME.json.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench } from '../bench/harness/row.ts';
import { buildAll } from './setup/build.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { full: { type: 'boolean', default: false }, runs: { type: 'string', default: '3' } },
});
const name = positionals[0] ?? '';
const known = readdirSync('bench').flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
if (!known.includes(name) || !existsSync(`bench/${name}.ts`)) {
  console.error(`Which benchmark? npm run bench -- ${known.join(' | ')}`);
  process.exit(1);
}
try {
  await buildAll();
  const { bench } = (await import(`../bench/${name}.ts`)) as { bench: Bench };
  const rows = await bench({ full: values.full, runs: Number(values.runs) });
  mkdirSync('artifacts/bench', { recursive: true });
  writeFileSync(`artifacts/bench/${name}.json`, `${JSON.stringify(rows, null, 1)}\n`);
  console.table(
    rows.map(({ name: figure, ours, peer, unit, ratio, must, aim, why }) => ({
      figure,
      ours: round(ours),
      peer: peer === null ? '–' : round(peer),
      unit,
      ratio: ratio === null ? '–' : round(ratio),
      must: must ?? '',
      aim: aim ?? '',
      why,
    })),
  );
  process.exit(rows.every(({ ratio, must }) => must === null || ratio === null || ratio >= must) ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
