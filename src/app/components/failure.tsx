import { Button, CopyButton } from '@mantine/core';
import { errorWords } from '../error-words.ts';
import type { TaskId } from '../stores/study-state.ts';
import { useActions, useStudy } from '../studio-context.ts';

/** Why a task failed, where, and what to do; nothing while it has not. */
export function Failure({ of }: { of: TaskId }) {
  const task = useStudy((state) => state.tasks[of]);
  const { dismiss } = useActions();
  if (task?.state !== 'failed') return null;
  const { what, where, next } = errorWords(task.error);
  return (
    <div className="notice problem" role="alert">
      <div className="row apart">
        <div className="grow">
          <strong>{task.name} did not work.</strong> {what} {where && <span className="muted">({where})</span>} {next}
        </div>
        <div className="row">
          <CopyButton value={JSON.stringify(task.error)}>
            {({ copied, copy }) => (
              <Button size="compact-sm" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy details'}
              </Button>
            )}
          </CopyButton>
          <Button size="compact-sm" variant="default" onClick={() => dismiss(of)}>
            Dismiss
          </Button>
        </div>
      </div>
    </div>
  );
}
