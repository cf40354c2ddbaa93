import { Button, Progress } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { ModelSummary } from '../../../core/jobs/study-contract.ts';
import { Failure } from '../../components/failure.tsx';
import { StopButtons } from '../../components/stop-buttons.tsx';
import type { TaskId } from '../../stores/study-state.ts';
import type { TaskOptions } from '../../stores/tasks.ts';
import { useActions, useStudy } from '../../studio-context.ts';

/** What was worked out of a model, for as long as the model lives: coming back to a view costs nothing. */
const known = new WeakMap<ModelSummary, Map<string, unknown>>();

/** Something to be worked out of a trained model by the study's worker. */
export interface Question<T> {
  /** Tells the questions about one model apart. */
  readonly key: string;
  readonly task: TaskId;
  /** Of the task, as the task bar says it. */
  readonly name: string;
  readonly ask: (options: TaskOptions) => Promise<T>;
}

/**
 * Shows the answer to a question about a model: works it out when it is first looked at, says how far it is, lets it be
 * stopped, and says why where it failed. `question` must be a stable value.
 */
export function ModelAnswer<T>({
  model,
  question,
  children,
}: {
  model: ModelSummary;
  question: Question<T>;
  children: (answer: T) => ReactNode;
}) {
  const { run, stop } = useActions();
  const [, redraw] = useState(0);
  const { key, task, name, ask } = question;
  const answer = known.get(model)?.get(key) as T | undefined;
  const work = useCallback(() => {
    void run(task, name, ask).then((found) => {
      if (found === undefined) return;
      const answers = known.get(model) ?? new Map<string, unknown>();
      known.set(model, answers.set(key, found));
      redraw((count) => count + 1);
    });
  }, [run, model, key, task, name, ask]);
  const isKnown = answer !== undefined;
  useEffect(() => {
    if (isKnown) return;
    work();
    return () => stop(task);
  }, [isKnown, work, stop, task]);
  if (answer !== undefined) return children(answer);
  return <Working task={task} name={name} onAgain={work} />;
}

function Working({ task: id, name, onAgain }: { task: TaskId; name: string; onAgain: () => void }) {
  const task = useStudy((state) => state.tasks[id]);
  if (task?.state === 'running') {
    return (
      <div className="stack tight" role="status">
        <div className="row apart">
          <span className="small">{task.progress.stage}</span>
          <StopButtons id={id} compact />
        </div>
        <Progress value={100 * task.progress.fraction} aria-label={task.name} />
      </div>
    );
  }
  return (
    <div className="stack close">
      <Failure of={id} />
      {task && (
        <div className="row">
          {task.state === 'stopped' && <span className="muted small">{name}: stopped.</span>}
          <Button variant="default" size="compact-sm" onClick={onAgain}>
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}
