import * as Comlink from 'comlink';
import type { JobClient, JobOptions } from '../../../core/jobs/job.ts';
import type { Progress } from '../../../core/shared/checkpoint.ts';
import { fromPlainError, StudioError } from '../../../core/shared/errors.ts';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import { browserLocks, type Locks, watchLife } from './life.ts';
import { isJobNews, type JobHost, type JobNews, type Outcome } from './protocol.ts';

/** The part of a Worker that is needed; tests hand in a fake. */
export type WorkerLike = Comlink.Endpoint & { terminate(): void };

export interface ConnectionOptions {
  /** A worker that gives no sign of life for this long while a job runs is taken for dead. */
  readonly patienceMs?: number;
  /** How long a cancelled job may go on before its worker is ended; never, unless told (a worker that owns data). */
  readonly cancelPatienceMs?: number;
  /** Through which the end of a worker is noticed at once; the browser's own unless told. */
  readonly locks?: Locks;
}

export interface Connection {
  /** Ends the worker; what was pending is rejected. Closing twice is fine. */
  close(): void;
}

/** A worker that lives. */
interface Line {
  readonly worker: WorkerLike;
  readonly host: Comlink.Remote<JobHost>;
  readonly heartbeat: Heartbeat;
  /** Aborted when the line is given up. */
  readonly end: AbortController;
}

/** A call that waits for its outcome. */
interface Pending extends Pick<JobOptions, 'onProgress' | 'onEvent'> {
  readonly settle: (outcome: Outcome | StudioError) => void;
}

/**
 * The jobs of a worker, called as if they were here. Adds what Comlink lacks: typed errors, cancel, a watch over the
 * worker's life (a lock that frees itself, a heartbeat), rejection of everything pending when the worker dies, and a new
 * worker on the next call after that.
 */
export function connect<T extends object>(
  spawn: () => WorkerLike,
  options: ConnectionOptions = {},
): JobClient<T> & Connection {
  const { patienceMs = 60_000, cancelPatienceMs, locks = browserLocks() } = options;
  const pending = new Map<number, Pending>();
  let line: Line | undefined;
  let nextId = 1;

  function lose(reason: string): void {
    line?.heartbeat.stop();
    line?.end.abort();
    line?.worker.terminate();
    line = undefined;
    const error = new StudioError('job.worker-lost', reason, { fix: 'Start the step again.' });
    for (const { settle } of pending.values()) settle(error);
  }

  function start(): WorkerLike {
    try {
      return spawn();
    } catch (cause) {
      throw new StudioError('job.worker-lost', `A worker could not be started: ${String(cause)}.`, { cause });
    }
  }

  function open(): Line {
    const worker = start();
    const host = Comlink.wrap<JobHost>(worker);
    const silence = () => lose(`A worker gave no sign of life for ${patienceMs / 1000} s.`);
    const heartbeat = createHeartbeat(() => host.ping(), patienceMs, silence);
    const opened: Line = { worker, host, heartbeat, end: new AbortController() };
    if (locks) void watch(opened, locks);
    const failed = (event: unknown) => {
      if (line === opened) lose(`A worker stopped: ${(event as { message?: string }).message || 'no reason given'}.`);
    };
    worker.addEventListener('error', failed as EventListener);
    worker.addEventListener('messageerror', failed as EventListener);
    worker.addEventListener('message', ((event: MessageEvent) => {
      if (line === opened && isJobNews(event.data)) hear(event.data);
    }) as EventListener);
    return opened;
  }

  /** A worker ended from outside raises no event: the lock it held is what tells. */
  async function watch({ host, end }: Line, through: Locks): Promise<void> {
    const name = `worker-${crypto.randomUUID()}`;
    const isHeld = await host.hold(name).catch(() => false);
    if (isHeld && !end.signal.aborted)
      watchLife(through, name, end.signal, () => lose('A worker was ended from outside.'));
  }

  function hear({ job, kind, value }: JobNews): void {
    line?.heartbeat.heard();
    const call = pending.get(job);
    if (kind === 'progress') call?.onProgress?.(value as Progress);
    else call?.onEvent?.(value);
  }

  async function call(method: string, input: unknown, jobOptions: JobOptions): Promise<unknown> {
    const { signal, finish, onProgress, onEvent } = jobOptions;
    if (signal?.aborted) throw cancelled();
    line ??= open();
    const current = line;
    const id = nextId++;
    let isStuck: ReturnType<typeof setTimeout> | undefined;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        void current.host.cancel(id);
        settle(cancelled());
        if (cancelPatienceMs === undefined) return;
        isStuck = setTimeout(() => {
          if (line === current) lose('A cancelled job did not stop; its worker was ended.');
        }, cancelPatienceMs);
      };
      const onFinish = () => void current.host.finish(id);
      const settle = (outcome: Outcome | StudioError) => {
        // The first word counts: a late answer of a cancelled job, or of a worker given up, changes nothing.
        if (!pending.delete(id)) return;
        signal?.removeEventListener('abort', onAbort);
        finish?.removeEventListener('abort', onFinish);
        if (pending.size === 0) current.heartbeat.stop();
        if (outcome instanceof StudioError) reject(outcome);
        else if (outcome.ok) resolve(outcome.value);
        else reject(fromPlainError(outcome.error));
      };
      pending.set(id, { settle, ...(onProgress ? { onProgress } : {}), ...(onEvent ? { onEvent } : {}) });
      signal?.addEventListener('abort', onAbort, { once: true });
      finish?.addEventListener('abort', onFinish, { once: true });
      current.heartbeat.start();
      const answer = current.host.start(id, method, input).catch((cause: unknown) => {
        return new StudioError('internal', `The call "${method}" could not be made: ${String(cause)}`, { cause });
      });
      if (finish?.aborted) onFinish();
      void answer.then((outcome) => {
        clearTimeout(isStuck);
        settle(outcome);
      });
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
