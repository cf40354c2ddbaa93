import * as Comlink from 'comlink';
import type { JobRun, JobTable } from '../../../core/jobs/job.ts';
import { createCheckpoint } from '../../../core/shared/checkpoint.ts';
import { StudioError, toPlainError } from '../../../core/shared/errors.ts';
import type { JobHost } from './protocol.ts';

/** Serves these jobs, and no other property of the object, to whoever holds the other end. */
export function serve<T extends JobTable<T>>(jobs: T, endpoint?: Comlink.Endpoint): void {
  const cancelled = new Set<number>();
  const pause = createPause();
  const host: JobHost = {
    async start(id, method, input, listen) {
      const job = Object.hasOwn(jobs, method) ? jobs[method as keyof T] : undefined;
      try {
        if (!job) throw new StudioError('internal', `There is no job "${method}".`);
        const run: JobRun = {
          checkpoint: createCheckpoint({
            report: (progress) => listen('progress', progress),
            pause,
            isCancelled: () => cancelled.has(id),
            now: () => performance.now(),
          }),
          emit: (event) => listen('event', event),
        };
        const value = await job(input as never, run);
        return Comlink.transfer({ ok: true as const, value }, fileBuffers(value));
      } catch (error) {
        return { ok: false as const, error: toPlainError(error) };
      } finally {
        cancelled.delete(id);
        (listen as unknown as Comlink.Remote<unknown>)[Comlink.releaseProxy]?.();
      }
    },
    cancel: (id) => void cancelled.add(id),
    ping: () => true,
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
