import type { PlainError } from '../../../core/shared/errors.ts';

/** What a worker exposes through Comlink: jobs by name, nothing else of its object graph. */
export interface JobHost {
  start(id: number, method: string, input: unknown, listen: Listen): Promise<Outcome>;
  cancel(id: number): void;
  /** Answers as soon as the worker lets messages in: the heartbeat. */
  ping(): boolean;
}

export type Listen = (kind: 'progress' | 'event', value: unknown) => void;

/** Comlink would flatten a typed error into text: outcomes travel as data. */
export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: PlainError };
