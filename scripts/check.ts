// Types, lint, format, import directions and cycles, unused code: everything that can be told without running the product.
import { spawnSync } from 'node:child_process';
import { buildWasm } from './build-wasm.mjs';

const steps: [string, string[]][] = [
  ...['core', 'any', 'page', 'workers', 'node'].map((project): [string, string[]] => [
    `types of ${project}`,
    ['node_modules/typescript/bin/tsc', '-p', `tsconfig/${project}.json`],
  ]),
  ['lint', ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings']],
  ['house rules', ['--import', 'tsx', 'scripts/check-house.ts']],
  ['format', ['node_modules/@biomejs/biome/bin/biome', 'format', '.']],
  ['unused code', ['node_modules/knip/bin/knip.js', '--no-progress']],
];

await buildWasm();
const failed = steps.filter(([name, args]) => {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (status !== 0) console.log(`${stdout}${stderr}`);
  return status !== 0;
});
process.exit(failed.length === 0 ? 0 : 1);
