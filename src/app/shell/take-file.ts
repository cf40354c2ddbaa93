import { compareFile } from '../pages/monitor/monitor-store.ts';
import { scoreFile } from '../pages/score/score-store.ts';
import type { StudioHost } from '../stores/studio-host.ts';
import type { StudyActions } from '../stores/study-store.ts';
import { goTo, type PageId } from './view.ts';

/** Gives a file to whom it is for: a bundle is opened, a table is scored or compared on those pages and opened elsewhere. */
export async function takeFile(
  file: Blob,
  name: string,
  page: PageId,
  actions: StudyActions,
  host: StudioHost,
): Promise<void> {
  if (name.toLowerCase().endsWith('.zip')) {
    if (page !== 'score' && page !== 'monitor') goTo('score');
    await actions.openBundle(file);
    return;
  }
  if (page === 'score') return scoreFile(file, name, actions, host);
  if (page === 'monitor') return compareFile(file, name, actions, host);
  goTo('data');
  await actions.openTable(file, name);
}
