import { useEffect, useState } from 'react';
import type { JobOptions } from '../../../core/jobs/job.ts';
import type { Progress } from '../../../core/shared/checkpoint.ts';
import { type PlainError, toPlainError } from '../../../core/shared/errors.ts';

/** What a job answers for a view; while the next is worked out, the last one stays on show. */
export type Answer<T> =
  | { readonly state: 'running'; readonly progress?: Progress; readonly last?: T }
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'failed'; readonly error: PlainError };

/** Asks again whenever `ask` is another function; what was asked before is cancelled, and what comes late is dropped. */
export function useAnswer<T>(ask: ((options: JobOptions) => Promise<T>) | undefined): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ state: 'running' });
  useEffect(() => {
    if (!ask) return;
    const controller = new AbortController();
    const { signal } = controller;
    const show = (next: (before: Answer<T>) => Answer<T>) => !signal.aborted && setAnswer(next);
    const lastOf = (before: Answer<T>) => {
      const last = valueOf(before);
      return last === undefined ? {} : { last };
    };
    show((before) => ({ state: 'running', ...lastOf(before) }));
    ask({
      signal,
      onProgress: (progress) => show((before) => ({ state: 'running', progress, ...lastOf(before) })),
    }).then(
      (value) => show(() => ({ state: 'done', value })),
      (error: unknown) => show(() => ({ state: 'failed', error: toPlainError(error) })),
    );
    return () => controller.abort();
  }, [ask]);
  return answer;
}

/** The answer, or the last one while the next is awaited. */
export function valueOf<T>(answer: Answer<T>): T | undefined {
  return answer.state === 'done' ? answer.value : answer.state === 'running' ? answer.last : undefined;
}
