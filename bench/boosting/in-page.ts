import { join } from 'node:path';
import { openStudio } from '../../scripts/demo/drive.ts';
import type { Column } from '../../src/core/data/frame.ts';
import { boostingJob, type TableFacts } from './job.ts';

/** The same training by the page's own training worker, in a browser of its own: seconds, once the table is in memory. */
export async function trainInPage(
  executable: string,
  url: string,
  folder: string,
  facts: TableFacts,
  { threads, leaves, rounds }: { readonly threads: number; readonly leaves: number; readonly rounds: number },
): Promise<number> {
  const { browser, page } = await openStudio(executable, `${url}?threads=${threads}`);
  try {
    await page.evaluate(() => {
      for (const name of ['columns', 'labels']) {
        const input = document.createElement('input');
        Object.assign(input, { type: 'file', id: `bench-${name}` });
        document.body.append(input);
      }
    });
    await page.waitForFunction(() => window.studio.study.timings.kernelsReady);
    await page.setInputFiles('#bench-columns', join(folder, 'columns.f64'));
    await page.setInputFiles('#bench-labels', join(folder, 'labels.i8'));
    return await page.evaluate(
      async ({ facts: { rows, train, levels }, parameters }) => {
        const read = async (name: string) => {
          const file = document.querySelector<HTMLInputElement>(`#bench-${name}`)?.files?.[0];
          if (!file) throw new Error(`The page was not given ${name}.`);
          // Shared, as the studio holds its columns: the training worker sees them without a copy.
          const shared = new SharedArrayBuffer(file.size);
          const bytes = new Uint8Array(shared);
          for (let at = 0; at < file.size; at += 1 << 24)
            bytes.set(new Uint8Array(await file.slice(at, at + (1 << 24)).arrayBuffer()), at);
          return shared;
        };
        const all = new Float64Array(await read('columns'));
        const columns = levels.map((count, index): Column => {
          const values = all.subarray(index * rows, (index + 1) * rows);
          const name = `x${index}`;
          if (count === 0) return { kind: 'number', name, values };
          const codes = Int32Array.from(values);
          return { kind: 'category', name, codes, levels: Array.from({ length: count }, (_, level) => String(level)) };
        });
        const input = {
          features: { rowCount: rows, columns },
          labels: new Int8Array(await read('labels')),
          train: Uint32Array.from({ length: train }, (_, row) => row),
          validation: new Uint32Array(0),
          seed: 1,
        };
        const trainer = window.studio.host.training('boosting');
        const { seconds } = await trainer.train({ kind: 'boosting', input, parameters });
        return seconds;
      },
      { facts, parameters: boostingJob(leaves, rounds) },
    );
  } finally {
    await browser.close();
  }
}
