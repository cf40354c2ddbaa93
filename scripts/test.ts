// Runs the unit, property, golden and conformance tests, then the browser journeys, and adds their counts up.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { buildAll } from './setup/build.ts';
import { findBrowser } from './setup/browser.ts';
import { freePort } from './setup/preview-server.ts';

const reports = 'artifacts/test';
const node = process.execPath;
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

let browser: string;
try {
  browser = findBrowser();
  await buildAll();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

const units = spawnSync(
  node,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reports}/units.json`,
  ],
  { stdio: 'inherit' },
);
const journeys = spawnSync(node, ['node_modules/@playwright/test/cli.js', 'test'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    CHROMIUM_PATH: browser,
    STUDIO_PORT: String(await freePort()),
    PLAYWRIGHT_JSON_OUTPUT_NAME: `${reports}/journeys.json`,
  },
});

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const counts = [unitCounts(), journeyCounts()];
const total = (key: keyof Counts) => counts.reduce((sum, each) => sum + each[key], 0);
const ok = units.status === 0 && journeys.status === 0 && total('failed') === 0 && total('passed') > 0;
// A runner that died without a report has failed, whatever it counted.
const failed = ok ? 0 : Math.max(1, total('failed'));
console.log(`${total('passed')} passed, ${failed} failed, ${total('skipped')} skipped`);
process.exit(ok ? 0 : 1);

function unitCounts(): Counts {
  const report = readReport(`${reports}/units.json`);
  return {
    passed: report?.numPassedTests ?? 0,
    failed: report ? report.numFailedTests + (report.numFailedTestSuites ? 1 : 0) : 1,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
}

function journeyCounts(): Counts {
  const stats = readReport(`${reports}/journeys.json`)?.stats;
  return {
    passed: stats?.expected ?? 0,
    failed: stats ? stats.unexpected + stats.flaky : 1,
    skipped: stats?.skipped ?? 0,
  };
}

function readReport(path: string) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
