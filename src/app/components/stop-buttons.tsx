import { Button } from '@mantine/core';
import type { TaskId } from '../stores/study-state.ts';
import { useActions, useStudy } from '../studio-context.ts';

/** Ends a running task: where it can keep something, by keeping it or by throwing it away; otherwise by a stop. */
export function StopButtons({ id, compact = false }: { id: TaskId; compact?: boolean }) {
  const name = useStudy((state) => {
    const task = state.tasks[id];
    return task?.state === 'running' ? task.name : '';
  });
  const keeps = useStudy((state) => {
    const task = state.tasks[id];
    return task?.state === 'running' ? task.keeps : undefined;
  });
  const finishing = useStudy((state) => {
    const task = state.tasks[id];
    return task?.state === 'running' && task.finishing === true;
  });
  const { stop, finish } = useActions();
  const size = compact ? 'compact-sm' : 'sm';
  return (
    <>
      {keeps && (
        <Button
          size={size}
          variant="default"
          disabled={finishing}
          onClick={() => finish(id)}
          title={`Ends it here and goes on with ${keeps}`}
          aria-label={`Stop, keep best: ${name}`}
        >
          Stop, keep best
        </Button>
      )}
      <Button
        size={size}
        variant={keeps ? 'subtle' : 'default'}
        onClick={() => stop(id)}
        aria-label={keeps ? `Discard: ${name}` : `Stop: ${name}`}
      >
        {keeps ? 'Discard' : 'Stop'}
      </Button>
    </>
  );
}
