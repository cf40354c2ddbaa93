import type { PlainError } from '../../../core/shared/errors.ts';

/** What a worker exposes through Comlink: jobs by name, nothing else of its object graph. */
export interface JobHost {
  start(id: number, method: string, input: unknown): Promise<Outcome>;
  cancel(id: number): void;
  /** Asks the job to end early with what it has. */
  finish(id: number): void;
  /** Answers as soon as the worker lets messages in: the heartbeat. */
  ping(): boolean;
  /** Takes a lock of this name until the worker ends: whoever waits for it learns of the end. False where there are no locks. */
  hold(lock: string): Promise<boolean>;
}

/** Comlink would flatten a typed error into text: outcomes travel as data. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: PlainError };

/**
 * What a job says on its way. Sent beside Comlink on the worker's own port: it needs no answer, and it stands in one
 * queue with the outcome, so that nothing said before the end arrives after it.
 */
export interface JobNews {
  readonly job: number;
  readonly kind: 'progress' | 'event';
  readonly value: unknown;
}

export function isJobNews(message: unknown): message is JobNews {
  return typeof message === 'object' && message !== null && typeof (message as { job?: unknown }).job === 'number';
}
