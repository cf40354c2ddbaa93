import { Button } from '@mantine/core';
import { useShallow } from 'zustand/react/shallow';
import { Failure } from '../components/failure.tsx';
import { StopButtons } from '../components/stop-buttons.tsx';
import { formatSeconds } from '../format.ts';
import { modelKinds } from '../../core/models/model.ts';
import { runningTasks, type StudyState, type Task, type TaskId } from '../stores/study-state.ts';
import { useActions, useStudy } from '../studio-context.ts';

/** Every task that runs: what it does, how far it is, how long yet, and a stop. Downloads that failed say so here too. */
export function TaskBar() {
  const ids = useStudy(useShallow((state) => runningTasks(state).map((task) => task.id)));
  const stopped = useStudy(useShallow(stoppedTasks));
  return (
    <div className="task-bar">
      <Failure of="file" />
      {ids.map((id) => (
        <TaskLine key={id} id={id} />
      ))}
      {stopped.map((id) => (
        <StoppedLine key={id} id={id} />
      ))}
      <Announcement />
    </div>
  );
}

function TaskLine({ id }: { id: TaskId }) {
  const name = useStudy((state) => nameOf(state.tasks[id]));
  return (
    <div className="task-line">
      <strong className="task-name">{name}</strong>
      <TaskProgress id={id} />
      <StopButtons id={id} compact />
    </div>
  );
}

/** Says that the stop was heard, until something else begins. */
function StoppedLine({ id }: { id: TaskId }) {
  const name = useStudy((state) => nameOf(state.tasks[id]));
  const { dismiss } = useActions();
  return (
    <div className="task-line">
      <strong className="task-name">Stopped: {lowerFirst(name)}</strong>
      <span className="task-stage muted">What was finished before it is kept.</span>
      <Button size="compact-sm" variant="default" onClick={() => dismiss(id)} aria-label={`Dismiss: ${name}`}>
        Dismiss
      </Button>
    </div>
  );
}

const stoppedTasks = (state: StudyState) =>
  (Object.keys(state.tasks) as TaskId[]).filter((id) => state.tasks[id]?.state === 'stopped');
const lowerFirst = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);

/** The part that changes many times a second: nothing around it is drawn again. */
function TaskProgress({ id }: { id: TaskId }) {
  const task = useStudy((state) => state.tasks[id]);
  if (task?.state !== 'running') return null;
  const { fraction, etaSeconds } = task.progress;
  const stage = task.finishing ? `Ending with ${task.keeps}` : task.progress.stage;
  const percent = Math.floor(fraction * 100);
  const colour = isModelKind(id) ? `var(--${id})` : undefined;
  return (
    <>
      <div
        className="task-track"
        role="progressbar"
        aria-label={task.name}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div style={{ transform: `scaleX(${fraction})`, background: colour }} />
      </div>
      <span className="task-stage muted number">
        {stage === task.name ? `${percent} %` : stage}
        {etaSeconds !== undefined && ` · ${formatSeconds(etaSeconds)} left`}
      </span>
    </>
  );
}

const nameOf = (task: Task | undefined) => (task?.state === 'running' || task?.state === 'stopped' ? task.name : '');
const isModelKind = (id: TaskId) => (modelKinds as readonly string[]).includes(id);

/** Said aloud when a task begins or ends, not at every step. */
function Announcement() {
  const words = useStudy((state) => {
    const running = runningTasks(state);
    const stopped = stoppedTasks(state)[0];
    if (running.length === 0 && stopped) return `Stopped: ${nameOf(state.tasks[stopped])}.`;
    return running.length === 0 ? 'Nothing is running.' : running.map((task) => task.name).join(', ');
  });
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {words}
    </p>
  );
}
