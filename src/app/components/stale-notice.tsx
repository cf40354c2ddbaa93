import type { ReactNode } from 'react';
import type { Stage } from '../stores/study-state.ts';
import { useStudy } from '../studio-context.ts';

/** Says that what is shown was made from something that has changed since. */
export function StaleNotice({ stage, what, action }: { stage: Stage; what: string; action?: ReactNode }) {
  const isStale = useStudy((state) => state.stale[stage] === true);
  if (!isStale) return null;
  return (
    <div className="notice warning row apart">
      <span className="grow">{what} shown here are from before the last change.</span>
      {action}
    </div>
  );
}
