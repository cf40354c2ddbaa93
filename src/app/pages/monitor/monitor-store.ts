import { createStore } from 'zustand/vanilla';
import type { DriftSummary } from '../../../core/jobs/study-contract.ts';
import { snapshotDay } from '../../components/snapshot-day.tsx';
import type { StudioHost } from '../../stores/studio-host.ts';
import type { StudyActions } from '../../stores/study-store.ts';

/** The last comparison. Gone on reload. `asOf` is the day the next table was taken (YYYY-MM-DD), empty if it does not matter. */
export const monitorStore = createStore<{ readonly drift?: DriftSummary | undefined; readonly asOf: string }>(() => ({
  asOf: '',
}));

/** Compares a second table of customers with those the model learned from. */
export async function compareFile(file: Blob, name: string, actions: StudyActions, host: StudioHost): Promise<void> {
  const drift = await actions.run('monitor', `Comparing ${name}`, (options) =>
    host.study.compareTable({ file, name, ...snapshotDay(monitorStore.getState().asOf) }, options),
  );
  if (drift) monitorStore.setState({ drift });
}
