import { IconAlertTriangle, IconCircle, IconCircleCheck, IconCircleDashed, IconPlayerPlay } from '@tabler/icons-react';
import { type Stage, stepState, type StepState } from '../stores/study-state.ts';
import { useStudy } from '../studio-context.ts';
import { type PageEntry, pageCatalogue } from './pages.ts';
import { PrivacyBadge } from './privacy-badge.tsx';
import { goTo, type PageId } from './view.ts';

/** The pipeline, top to bottom, each step with how far it is. */
export function Rail({ page }: { page: PageId }) {
  return (
    <nav className="rail" aria-label="Steps">
      <div className="brand">
        <img src="/icons/studio.svg" width={24} height={24} alt="" />
        <span className="rail-word">Propensity Studio</span>
      </div>
      <ol>
        {pageCatalogue.map((entry) => (
          <li key={entry.id}>
            <Step entry={entry} isCurrent={entry.id === page} />
          </li>
        ))}
      </ol>
      <PrivacyBadge />
    </nav>
  );
}

function Step({ entry, isCurrent }: { entry: PageEntry; isCurrent: boolean }) {
  const { icon: Icon, label } = entry;
  return (
    <a
      href={`#/${entry.id}`}
      className="rail-step"
      title={label}
      aria-label={label}
      aria-describedby={entry.stage ? `state-of-${entry.id}` : undefined}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={(event) => {
        event.preventDefault();
        goTo(entry.id);
      }}
    >
      <Icon size={18} stroke={1.6} aria-hidden />
      <span className="rail-word">{label}</span>
      {entry.stage && <State stage={entry.stage} />}
    </a>
  );
}

const words: Readonly<Record<StepState, string>> = {
  nothing: '',
  running: 'running',
  done: 'done',
  stale: 'stale: something before it changed',
  failed: 'failed',
};

function State({ stage }: { stage: Stage }) {
  const state = useStudy((study) => stepState(study, stage));
  return (
    <span id={`state-of-${stage}`} className={`rail-state ${state}`} title={words[state]}>
      {state === 'nothing' && <IconCircle size={14} aria-hidden />}
      {state === 'running' && <IconPlayerPlay size={14} aria-hidden />}
      {state === 'done' && <IconCircleCheck size={14} aria-hidden />}
      {state === 'stale' && <IconCircleDashed size={14} aria-hidden />}
      {state === 'failed' && <IconAlertTriangle size={14} aria-hidden />}
      {words[state] && <span className="visually-hidden">{words[state]}</span>}
    </span>
  );
}
