import { SegmentedControl } from '@mantine/core';
import type { ScoringModel } from '../../core/jobs/study-contract.ts';
import { useShallow } from 'zustand/react/shallow';
import { scoringName, scoringOf, scoringOptions } from '../stores/study-state.ts';
import { useActions, useStudy } from '../studio-context.ts';

/** Which model scores: what came last, until a person chooses. Nothing to choose where there is only one. */
export function ScoringChoice({ label }: { label: string }) {
  const options = useStudy(useShallow(scoringOptions));
  const names = useStudy(useShallow((state) => options.map((option) => scoringName(state, option))));
  const chosen = useStudy(scoringOf);
  const { scoreWith } = useActions();
  if (options.length < 2) return null;
  return (
    <div className="row">
      <span className="muted small" id="scoring-choice">
        {label}
      </span>
      <SegmentedControl
        className="wrapping"
        aria-labelledby="scoring-choice"
        value={chosen}
        onChange={(value) => scoreWith(value as ScoringModel)}
        data={options.map((option, i) => ({ value: option, label: names[i] }))}
      />
    </div>
  );
}
