import { createStore } from 'zustand/vanilla';
import type { DriftSummary } from '../../../core/jobs/study-contract.ts';
import { snapshotDay } from '../../components/snapshot-day.tsx';
import { scoringOf } from '../../stores/study-state.ts';
import type { Studio } from '../../studio-context.ts';

/** The last comparison. Gone on reload. `asOf` is the day the next table was taken (YYYY-MM-DD), empty if it does not matter. */
export const monitorStore = createStore<{ readonly drift?: DriftSummary | undefined; readonly asOf: string }>(() => ({
  asOf: '',
}));

/** Compares a second table of customers with those the model learned from. */
export async function compareFile(file: Blob, name: string, { host, study }: Studio): Promise<void> {
  const using = scoringOf(study.store.getState());
  const drift = await study.actions.run('monitor', `Comparing ${name}`, (options) =>
    host.study.compareTable({ file, name, using, ...snapshotDay(monitorStore.getState().asOf) }, options),
  );
  if (drift) monitorStore.setState({ drift });
}
