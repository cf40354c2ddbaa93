import * as Comlink from 'comlink';
import type { JobTable } from '../../../core/jobs/job.ts';
import { createCheckpoint } from '../../../core/shared/checkpoint.ts';
import { StudioError, toPlainError } from '../../../core/shared/errors.ts';
import { browserLocks, holdForLife } from './life.ts';
import type { JobHost, JobNews } from './protocol.ts';

/** Serves these jobs, and no other property of the object, to whoever holds the other end: in a worker, its owner. */
export function serve<T extends JobTable<T>>(
  jobs: T,
  endpoint: Comlink.Endpoint = globalThis as unknown as Comlink.Endpoint,
  locks = browserLocks(),
): void {
  const running = new Map<number, { isCancelled: boolean; isFinishing: boolean }>();
  const pause = createPause();
  const host: JobHost = {
    async start(id, method, input) {
      const state = { isCancelled: false, isFinishing: false };
      running.set(id, state);
      const tell = (kind: JobNews['kind'], value: unknown) =>
        endpoint.postMessage({ job: id, kind, value } satisfies JobNews);
      try {
        const job = Object.hasOwn(jobs, method) ? jobs[method as keyof T] : undefined;
        if (!job) throw new StudioError('internal', `There is no job "${method}".`);
        const value = await job(input as never, {
          checkpoint: createCheckpoint({
            report: (progress) => tell('progress', progress),
            pause,
            isCancelled: () => state.isCancelled,
            now: () => performance.now(),
          }),
          emit: (event) => tell('event', event),
          shouldFinish: () => state.isFinishing,
        });
        return Comlink.transfer({ ok: true as const, value }, fileBuffers(value));
      } catch (error) {
        return { ok: false as const, error: toPlainError(error) };
      } finally {
        running.delete(id);
      }
    },
    cancel(id) {
      const state = running.get(id);
      if (state) state.isCancelled = true;
    },
    finish(id) {
      const state = running.get(id);
      if (state) state.isFinishing = true;
    },
    ping: () => true,
    async hold(lock) {
      if (!locks) return false;
      await holdForLife(locks, lock);
      return true;
    },
  };
  Comlink.expose(host, endpoint);
}

/** Files are given away, not copied: the caller owns their bytes afterwards. */
function fileBuffers(value: unknown): Transferable[] {
  if (typeof value !== 'object' || value === null) return [];
  const { bytes, file } = value as { bytes?: unknown; file?: { bytes?: unknown } };
  return [bytes, file?.bytes].flatMap((each) =>
    each instanceof Uint8Array && each.buffer instanceof ArrayBuffer ? [each.buffer] : [],
  );
}

/** One turn of the message loop: quicker than setTimeout, which browsers hold back by 4 ms. */
function createPause(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  // Node keeps a process alive for an open port; a browser has no such notion.
  (port1 as { unref?: () => void }).unref?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(undefined);
    });
}
