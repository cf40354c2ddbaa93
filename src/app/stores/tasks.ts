import type { JobOptions } from '../../core/jobs/job.ts';
import { StudioError, toPlainError } from '../../core/shared/errors.ts';
import type { StoreApi } from 'zustand/vanilla';
import type { StudyState, Task, TaskId } from './study-state.ts';

export interface TaskRunner {
  /**
   * Runs work as the task of this id and answers its value, or nothing if it was stopped, replaced by a newer task of the
   * same id, or failed; the task then says why.
   */
  readonly run: <T>(id: TaskId, name: string, work: (options: TaskOptions) => Promise<T>) => Promise<T | undefined>;
  readonly stop: (id: TaskId) => void;
}

export interface TaskOptions extends JobOptions {
  readonly signal: AbortSignal;
}

/** @param now milliseconds, any origin */
export function createTaskRunner(store: StoreApi<StudyState>, now: () => number): TaskRunner {
  const controllers = new Map<TaskId, AbortController>();
  const show = (id: TaskId, task: Task) => store.setState((state) => ({ tasks: { ...state.tasks, [id]: task } }));

  /** What was stopped is said until the next work begins. */
  function forgetStopped(): void {
    const { tasks } = store.getState();
    const kept = Object.entries(tasks).filter(([, task]) => task?.state !== 'stopped');
    if (kept.length < Object.keys(tasks).length) store.setState({ tasks: Object.fromEntries(kept) });
  }

  async function run<T>(id: TaskId, name: string, work: (options: TaskOptions) => Promise<T>): Promise<T | undefined> {
    controllers.get(id)?.abort();
    const controller = new AbortController();
    controllers.set(id, controller);
    const isNewest = () => controllers.get(id) === controller;
    const started = now();
    forgetStopped();
    show(id, { state: 'running', name, progress: { fraction: 0, stage: name } });
    try {
      const value = await stoppable(
        work({
          signal: controller.signal,
          onProgress: (progress) => {
            if (isNewest() && !controller.signal.aborted) show(id, { state: 'running', name, progress });
          },
        }),
        controller.signal,
      );
      if (!isNewest()) return undefined;
      show(id, { state: 'done', seconds: (now() - started) / 1000 });
      return value;
    } catch (error) {
      if (!isNewest()) return undefined;
      const plain = toPlainError(error);
      show(id, plain.code === 'job.cancelled' ? { state: 'stopped', name } : { state: 'failed', name, error: plain });
      return undefined;
    } finally {
      if (isNewest()) controllers.delete(id);
    }
  }

  return { run, stop: (id) => controllers.get(id)?.abort() };
}

/** The page says "stopped" at once, however long the worker takes to notice; what arrives late is dropped. */
function stoppable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new StudioError('job.cancelled', 'Stopped on request.')), {
      once: true,
    });
    work.then(resolve, reject);
  });
}
