import { createStore } from 'zustand/vanilla';
import type { ScoreSummary } from '../../../core/jobs/study-contract.ts';
import { snapshotDay } from '../../components/snapshot-day.tsx';
import type { StudioHost } from '../../stores/studio-host.ts';
import type { StudyActions } from '../../stores/study-store.ts';

/** The last table scored. Gone on reload. `asOf` is the day the next table was taken (YYYY-MM-DD), empty if it does not matter. */
export const scoreStore = createStore<{ readonly scored?: ScoreSummary | undefined; readonly asOf: string }>(() => ({
  asOf: '',
}));

/** Scores a table of customers with the open bundle, or with the study's best model. */
export async function scoreFile(file: Blob, name: string, actions: StudyActions, host: StudioHost): Promise<void> {
  const scored = await actions.run('score', `Scoring ${name}`, (options) =>
    host.study.scoreTable({ file, name, ...snapshotDay(scoreStore.getState().asOf) }, options),
  );
  if (scored) scoreStore.setState({ scored });
}
