import type { JobClient } from '../../core/jobs/job.ts';
import type { FileResult, RowFilter, RowPage, StudyJobs } from '../../core/jobs/study-contract.ts';
import type { TrainingJobs } from '../../core/jobs/training-contract.ts';
import type { ModelKind } from '../../core/models/model.ts';
import type { Parameters } from '../../core/models/parameters.ts';
import type { RegistryStore } from '../../core/registry/registry.ts';
import type { SpecStorage } from './spec.ts';

export type TrainingClient = JobClient<TrainingJobs> & { close(): void };

/** What the stores need from where they run: the page gives workers and a clock, tests give fakes. */
export interface StudioHost {
  readonly study: JobClient<StudyJobs>;
  /** Rows of the open table, for views that scroll. */
  readonly fetchRows: (from: number, to: number, filter?: RowFilter) => Promise<RowPage>;
  /** The worker that trains this kind of model; the same one each time. */
  readonly training: (kind: ModelKind) => TrainingClient;
  /** Every declared parameter of this kind with its default. */
  readonly parametersOf: (kind: ModelKind, chosen: Parameters) => Promise<Parameters>;
  readonly storage: SpecStorage;
  /** Model versions that are kept across reloads. */
  readonly registry: RegistryStore;
  /** Today, ISO 8601. */
  readonly today: () => string;
  /** Milliseconds, any origin. */
  readonly now: () => number;
  /** Leaves a named mark on the host's timeline. */
  readonly mark: (name: string) => void;
  /** Hands a finished file to the person. */
  readonly saveFile: (file: FileResult) => void;
  readonly cores: number;
}
