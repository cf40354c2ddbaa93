import { compareFile } from '../pages/monitor/monitor-store.ts';
import { scoreFile } from '../pages/score/score-store.ts';
import type { Studio } from '../studio-context.ts';
import { goTo, type PageId } from './view.ts';

/**
 * Gives a file to whom it is for: a bundle is opened, a LightGBM model stands beside the study's own, a table is scored or
 * compared on those pages and opened elsewhere.
 */
export async function takeFile(file: Blob, name: string, page: PageId, studio: Studio): Promise<void> {
  const { actions } = studio.study;
  if (name.toLowerCase().endsWith('.zip')) {
    if (page !== 'score' && page !== 'monitor') goTo('score');
    await actions.openBundle(file);
    return;
  }
  if (await isModelText(file)) {
    if (page !== 'score' && page !== 'explain') goTo('evaluate');
    await actions.importModel(file, name);
    return;
  }
  if (page === 'score') return scoreFile(file, name, studio);
  if (page === 'monitor') return compareFile(file, name, studio);
  goTo('data');
  await actions.openTable(file, name);
}

/** By its first line: LightGBM's text begins with the word "tree", and a table of customers would be a poor one. */
async function isModelText(file: Blob): Promise<boolean> {
  return /^tree\r?\n/.test(await file.slice(0, 8).text());
}
