import type { Page } from 'playwright';

interface Observed {
  start: number;
  duration: number;
}

declare global {
  interface Window {
    observedTasks?: Observed[];
  }
}

/** Watches the page's main thread from its first moment. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.observedTasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        window.observedTasks?.push({ start: startTime, duration });
    }).observe({ type: 'longtask', buffered: true });
  });
}

/**
 * The longest task between the click on "Run everything" and the last model trained, and the longest one outside
 * (loading the chart library, drawing finished charts), in milliseconds.
 */
export function longestTasks(page: Page): Promise<{ longestTaskMs: number; longestDrawMs: number }> {
  return page.evaluate(() => {
    const timeOf = (name: string) => performance.getEntriesByName(name).at(-1)?.startTime ?? Number.NaN;
    const from = timeOf('run-everything-start');
    const to = timeOf('last-model-trained');
    const during = (task: { start: number }) => task.start >= from && task.start <= to;
    const tasks = window.observedTasks ?? [];
    const longest = (some: { duration: number }[]) => some.reduce((most, { duration }) => Math.max(most, duration), 0);
    return {
      longestTaskMs: longest(tasks.filter(during)),
      longestDrawMs: longest(tasks.filter((task) => !during(task))),
    };
  });
}
