import { type BenchRow, within } from '../../bench/harness/row.ts';
import { chooseSample, openStudio, runEverything } from '../demo/drive.ts';
import { longestTasks } from '../demo/long-tasks.ts';
import { watchRendererMemory } from '../demo/memory.ts';
import { readOptions } from '../demo/options.ts';
import { findBrowser } from '../setup/browser.ts';
import { startPreview } from '../setup/preview-server.ts';

/** The browser tells only of tasks longer than this. */
const shortestTold = 50;
const memoryLimitMb = 1536;
/** A page that does not answer for longer than this feels frozen. */
const frozenMs = 500;

/** The page's main job on a million customers: seconds, memory, and whether the page stayed alive. */
export async function millionCustomers(customers = 1_000_000): Promise<BenchRow[]> {
  const { url, server } = await startPreview();
  const { browser, page, errors } = await openStudio(findBrowser(), url);
  try {
    const peakMemoryMb = await watchRendererMemory(browser);
    await chooseSample(page, readOptions(['--customers', String(customers)]));
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    await runEverything(page, (line) => console.log(`${elapsed().toFixed(0).padStart(6)} s${line}`));
    const seconds = elapsed();
    if (errors.length > 0) throw new Error(`The page reported an error: ${errors[0]}`);
    const stages = await page.evaluate(() => window.studio.study.timings.stages);
    const { longestTaskMs, longestDrawMs } = await longestTasks(page);
    const peak = peakMemoryMb();
    const told = stages.map(({ name, seconds: each }) => `${name} ${each.toFixed(1)} s`).join(', ');
    const name = `${customers.toLocaleString('en')} customers`;
    return [
      {
        name: `${name}: the whole run`,
        ours: seconds,
        peer: null,
        unit: 's',
        ratio: null,
        must: null,
        aim: null,
        why: told,
      },
      within(`${name}: peak memory of the renderer`, 'MB', memoryLimitMb, peak === null ? [] : [peak]),
      within(
        `${name}: longest task of the page`,
        'ms',
        frozenMs,
        [Math.max(shortestTold, longestTaskMs)],
        `limit ${frozenMs} ms while models train; ${Math.round(longestDrawMs)} ms before and after`,
      ),
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}
