import type { JobOptions } from '../../core/jobs/job.ts';
import type { Progress } from '../../core/shared/checkpoint.ts';
import { StudioError, toPlainError } from '../../core/shared/errors.ts';
import type { StoreApi } from 'zustand/vanilla';
import type { StudyState, Task, TaskId } from './study-state.ts';

export interface TaskRunner {
  /**
   * Runs work as the task of this id and answers its value, or nothing if it was stopped, replaced by a newer task of the
   * same id, or failed; the task then says why.
   */
  readonly run: <T>(
    id: TaskId,
    name: string,
    work: (options: TaskOptions) => Promise<T>,
    /** What an early end keeps, in words; without it the task can only be stopped. */
    keeps?: string,
  ) => Promise<T | undefined>;
  readonly stop: (id: TaskId) => void;
  /** Asks for an early end with what is there so far. */
  readonly finish: (id: TaskId) => void;
}

export interface TaskOptions extends JobOptions {
  readonly signal: AbortSignal;
  readonly finish: AbortSignal;
}

/** @param now milliseconds, any origin */
export function createTaskRunner(store: StoreApi<StudyState>, now: () => number): TaskRunner {
  const controllers = new Map<TaskId, AbortController>();
  const finishers = new Map<TaskId, AbortController>();
  const show = (id: TaskId, task: Task) => store.setState((state) => ({ tasks: { ...state.tasks, [id]: task } }));

  /** What was stopped is said until the next work begins. */
  function forgetStopped(): void {
    const { tasks } = store.getState();
    const kept = Object.entries(tasks).filter(([, task]) => task?.state !== 'stopped');
    if (kept.length < Object.keys(tasks).length) store.setState({ tasks: Object.fromEntries(kept) });
  }

  async function run<T>(
    id: TaskId,
    name: string,
    work: (options: TaskOptions) => Promise<T>,
    keeps?: string,
  ): Promise<T | undefined> {
    controllers.get(id)?.abort();
    const controller = new AbortController();
    const finisher = new AbortController();
    controllers.set(id, controller);
    finishers.set(id, finisher);
    const running = (progress: Progress): Task => ({
      state: 'running',
      name,
      progress,
      keeps,
      finishing: finisher.signal.aborted,
    });
    const isNewest = () => controllers.get(id) === controller;
    const started = now();
    forgetStopped();
    show(id, running({ fraction: 0, stage: name }));
    try {
      const value = await stoppable(
        work({
          signal: controller.signal,
          finish: finisher.signal,
          onProgress: (progress) => {
            if (isNewest() && !controller.signal.aborted) show(id, running(progress));
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
      if (isNewest()) {
        controllers.delete(id);
        finishers.delete(id);
      }
    }
  }

  return {
    run,
    stop: (id) => controllers.get(id)?.abort(),
    finish(id) {
      finishers.get(id)?.abort();
      const task = store.getState().tasks[id];
      if (task?.state === 'running') show(id, { ...task, finishing: true });
    },
  };
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
