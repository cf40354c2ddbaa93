import { createStore } from 'zustand/vanilla';
import type { DriftSummary, MonitoringMemory, SimulationRequest } from '../../../core/jobs/study-contract.ts';
import { noteInLog } from '../../../core/registry/registry.ts';
import { snapshotDay } from '../../components/snapshot-day.tsx';
import { scoringOf } from '../../stores/study-state.ts';
import type { Studio } from '../../studio-context.ts';

interface NamedFile {
  readonly file: Blob;
  readonly name: string;
}

interface MonitorState {
  readonly drift?: DriftSummary | undefined;
  /** The day the next table was taken (YYYY-MM-DD), empty if it does not matter. */
  readonly asOf: string;
  /** The table compared last, for when its outcomes come. */
  readonly table?: NamedFile | undefined;
}

/** The last comparison. Gone on reload; what is kept between windows is in the browser's storage. */
export const monitorStore = createStore<MonitorState>(() => ({ asOf: '' }));

/** Compares a table of customers with those the model learned from; with their outcomes where they are given. */
export async function compareFile(file: Blob, name: string, studio: Studio, labels?: NamedFile): Promise<void> {
  const { host, study } = studio;
  const using = scoringOf(study.store.getState());
  const drift = await run(studio, `Comparing ${name}`, (memory, options) =>
    host.study.compareTable(
      { file, name, using, ...snapshotDay(monitorStore.getState().asOf), ...(labels ? { labels } : {}), ...memory },
      options,
    ),
  );
  monitorStore.setState({ table: { file, name } });
  for (const { rule, change, figure, value, limit, window } of drift?.events ?? []) {
    if (change === 'pending') continue;
    const details = { rule, figure, value, limit, window };
    await noteInLog(host.registry, { at: host.today(), what: `alert ${change}`, details });
  }
}

/** Plays weeks of customers with drift put in, on a timeline of their own. */
export async function simulate(request: SimulationRequest, studio: Studio): Promise<void> {
  await run(studio, `Simulating ${request.weeks} weeks`, ({ rules }, options) =>
    studio.host.study.simulateWeeks({ ...request, ...(rules ? { rules } : {}) }, options),
  );
}

type Work = (
  memory: MonitoringMemory,
  options: Parameters<Studio['host']['study']['compareTable']>[1],
) => Promise<DriftSummary>;

async function run({ host, study }: Studio, name: string, work: Work): Promise<DriftSummary | undefined> {
  const memory = loadMemory(host.storage);
  const drift = await study.actions.run('monitor', name, (options) => work(memory, options));
  if (!drift) return undefined;
  monitorStore.setState({ drift });
  saveMemory(host.storage, { ...memory, alerts: drift.alerts, history: drift.history.slice(-mostHistory) });
  return drift;
}

type Storage = Studio['host']['storage'];

const key = 'propensity-studio.monitoring.v1';
/** Two years of weeks: some hundred kilobytes. */
const mostHistory = 104;

/** Rules, states of alerts and the timeline. Whatever is unusable counts as nothing kept. */
export function loadMemory(storage: Storage): MonitoringMemory {
  try {
    const saved: unknown = JSON.parse(storage.getItem(key) ?? '{}');
    if (typeof saved !== 'object' || saved === null) return {};
    const lists = Object.entries(saved).filter(
      ([name, value]) => ['rules', 'alerts', 'history'].includes(name) && Array.isArray(value),
    );
    return Object.fromEntries(lists) as MonitoringMemory;
  } catch {
    return {};
  }
}

/** Full or forbidden storage is no reason to stop working. */
export function saveMemory(storage: Storage, memory: MonitoringMemory): void {
  try {
    storage.setItem(key, JSON.stringify(memory));
  } catch {
    return;
  }
}
