import { modelFileKind, modelFileStart } from '../../core/models/formats/model-file.ts';
import { compareFile } from '../pages/monitor/monitor-store.ts';
import { scoreFile } from '../pages/score/score-store.ts';
import type { Studio } from '../studio-context.ts';
import { goTo, type PageId } from './view.ts';

/**
 * Gives a file to whom it is for: a bundle is opened, a LightGBM model or a tfjs network stands beside the study's own, a
 * table is scored or compared on those pages and opened elsewhere.
 */
export async function takeFile(file: Blob, name: string, page: PageId, studio: Studio): Promise<void> {
  const { actions } = studio.study;
  if (await isModelFile(file)) {
    if (page !== 'score' && page !== 'explain') goTo('evaluate');
    await actions.importModel(file, name);
    return;
  }
  if (name.toLowerCase().endsWith('.zip')) {
    if (page !== 'score' && page !== 'monitor') goTo('score');
    await actions.openBundle(file);
    return;
  }
  if (page === 'score') return scoreFile(file, name, studio);
  if (page === 'monitor') return compareFile(file, name, studio);
  goTo('data');
  await actions.openTable(file, name);
}

async function isModelFile(file: Blob): Promise<boolean> {
  return modelFileKind(new Uint8Array(await file.slice(0, modelFileStart).arrayBuffer())) !== undefined;
}
