import * as Comlink from 'comlink';
import type { JobClient, JobOptions } from '../../../core/jobs/job.ts';
import type { Progress } from '../../../core/shared/checkpoint.ts';
import { fromPlainError, StudioError } from '../../../core/shared/errors.ts';
import type { JobHost, Listen, Outcome } from './protocol.ts';

/** The part of a Worker that is needed; tests hand in a fake. */
export type WorkerLike = Comlink.Endpoint & { terminate(): void };

export interface ConnectionOptions {
  /** A worker that answers no heartbeat for this long while a job runs is taken for dead. */
  readonly patienceMs?: number;
  /** How long a cancelled job may go on before its worker is ended; never, unless told (a worker that owns data). */
  readonly cancelPatienceMs?: number;
}

export interface Connection {
  /** Ends the worker; what was pending is rejected. Closing twice is fine. */
  close(): void;
}

interface Pending {
  readonly reject: (error: StudioError) => void;
}

/**
 * The jobs of a worker, called as if they were here. Adds what Comlink lacks: typed errors, cancel, a heartbeat,
 * rejection of everything pending when the worker dies, and a new worker on the next call after that.
 */
export function connect<T extends object>(
  spawn: () => WorkerLike,
  options: ConnectionOptions = {},
): JobClient<T> & Connection {
  const { patienceMs = 60_000, cancelPatienceMs } = options;
  const pending = new Map<number, Pending>();
  let worker: WorkerLike | undefined;
  let host: Comlink.Remote<JobHost> | undefined;
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let lastSign = 0;
  let nextId = 1;

  function lose(reason: string): void {
    if (heartbeat !== undefined) clearInterval(heartbeat);
    heartbeat = undefined;
    worker?.terminate();
    worker = undefined;
    host = undefined;
    const error = new StudioError('job.worker-lost', reason, { fix: 'Start the step again.' });
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  }

  function ensureHost(): Comlink.Remote<JobHost> {
    if (host) return host;
    worker = spawn();
    const mine = worker;
    const failed = (event: unknown) => {
      if (worker === mine) lose(`A worker stopped: ${(event as { message?: string }).message || 'no reason given'}.`);
    };
    worker.addEventListener('error', failed as EventListener);
    worker.addEventListener('messageerror', failed as EventListener);
    host = Comlink.wrap<JobHost>(worker);
    return host;
  }

  function watch(current: Comlink.Remote<JobHost>): void {
    lastSign = performance.now();
    heartbeat ??= setInterval(() => {
      if (pending.size === 0) {
        clearInterval(heartbeat);
        heartbeat = undefined;
      } else if (performance.now() - lastSign > patienceMs) {
        lose(`A worker gave no sign of life for ${Math.round(patienceMs / 1000)} s.`);
      } else {
        void current.ping().then(() => {
          lastSign = performance.now();
        });
      }
    }, 500);
  }

  function call(method: string, input: unknown, { signal, onProgress, onEvent }: JobOptions): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(cancelled());
    const current = ensureHost();
    const id = nextId++;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        void current.cancel(id);
        settle();
        reject(cancelled());
        if (cancelPatienceMs !== undefined) setTimeout(() => void endIfStuck(), cancelPatienceMs);
      };
      let finished = false;
      const endIfStuck = () => {
        if (!finished && host === current) lose('A cancelled job did not stop; its worker was replaced.');
      };
      const settle = () => {
        pending.delete(id);
        signal?.removeEventListener('abort', onAbort);
      };
      pending.set(id, {
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      watch(current);
      const listen: Listen = (kind, value) => {
        lastSign = performance.now();
        if (!pending.has(id)) return;
        if (kind === 'progress') onProgress?.(value as Progress);
        else onEvent?.(value);
      };
      current.start(id, method, input, Comlink.proxy(listen)).then(
        (outcome: Outcome) => {
          finished = true;
          if (!pending.has(id)) return;
          settle();
          if (outcome.ok) resolve(outcome.value);
          else reject(fromPlainError(outcome.error));
        },
        (cause: unknown) => {
          finished = true;
          if (!pending.has(id)) return;
          settle();
          reject(new StudioError('internal', `The call "${method}" could not be made: ${String(cause)}`, { cause }));
        },
      );
    });
  }

  const close = () => lose('The connection was closed.');
  return new Proxy({} as JobClient<T> & Connection, {
    get: (_, name) => {
      // A promise-like look at the client itself must not become a job.
      if (typeof name !== 'string' || name === 'then') return undefined;
      if (name === 'close') return close;
      return (input: unknown, jobOptions: JobOptions = {}) => call(name, input, jobOptions);
    },
  });
}

function cancelled(): StudioError {
  return new StudioError('job.cancelled', 'Stopped on request.');
}
