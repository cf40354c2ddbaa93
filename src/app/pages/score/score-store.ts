import { createStore } from 'zustand/vanilla';
import type { ScoreSummary } from '../../../core/jobs/study-contract.ts';
import { snapshotDay } from '../../components/snapshot-day.tsx';
import { scoringOf } from '../../stores/study-state.ts';
import type { Studio } from '../../studio-context.ts';

/** The last table scored. Gone on reload. `asOf` is the day the next table was taken (YYYY-MM-DD), empty if it does not matter. */
export const scoreStore = createStore<{ readonly scored?: ScoreSummary | undefined; readonly asOf: string }>(() => ({
  asOf: '',
}));

/** Scores a table of customers with the model that the person chose, or that came last. */
export async function scoreFile(file: Blob, name: string, { host, study }: Studio): Promise<void> {
  const using = scoringOf(study.store.getState());
  const scored = await study.actions.run('score', `Scoring ${name}`, (options) =>
    host.study.scoreTable({ file, name, using, ...snapshotDay(scoreStore.getState().asOf) }, options),
  );
  if (scored) scoreStore.setState({ scored });
}
