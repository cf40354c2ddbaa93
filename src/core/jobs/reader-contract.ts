import type { DataFinding } from '../data/findings.ts';
import type { Frame } from '../data/frame.ts';
import type { ColumnKind } from '../data/schema.ts';
import type { JobRun } from './job.ts';

/** What a reading worker does: foreign bytes are parsed where a hang can be ended without losing the study. */
export interface ReaderJobs {
  readTable(input: ReadRequest, run: JobRun): Promise<ReadTable>;
}

export interface ReadRequest {
  readonly file: Blob;
  readonly name: string;
  /** Kinds known beforehand, by column: a table of customers is read with its model's schema. */
  readonly kinds?: ReadonlyMap<string, ColumnKind>;
}

export interface ReadTable {
  readonly frame: Frame;
  readonly findings: readonly DataFinding[];
}
