import { Button } from '@mantine/core';
import { useCallback } from 'react';
import type { Changes } from '../../../core/jobs/explanation-contract.ts';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import { formatMeasure, unbroken } from '../../format.ts';
import { useStudio } from '../../studio-context.ts';
import { useAnswer, valueOf } from './use-answer.ts';
import { Waiting } from './waiting.tsx';

/** The smallest changes that would carry the score across the cut, each to be tried with a click. */
export function CounterfactualList({
  model,
  row,
  cut,
  onTry,
}: {
  model: ModelId;
  row: number;
  cut: number;
  onTry: (changes: Changes) => void;
}) {
  const { host } = useStudio();
  const answer = useAnswer(
    useCallback((options) => host.study.counterfactuals({ model, row, cut }, options), [host, model, row, cut]),
  );
  const found = valueOf(answer);
  return (
    <section className="stack tight" aria-label="Across the cut">
      <h2 className="section-title">The smallest change across the cut</h2>
      <Waiting answer={answer} what="Trying changes" />
      {found && (
        <>
          <p>{unbroken(found.sentence)}</p>
          <ul className="ways">
            {found.found.map(({ changes, propensity }) => (
              <li key={changes.map(({ column }) => column).join()}>
                <span className="grow">
                  {changes.map(({ description, from, to }) => `${description}: ${from} → ${to}`).join('; ')}
                  <span className="muted"> · score {formatMeasure(propensity)}</span>
                </span>
                <Button
                  variant="default"
                  size="compact-sm"
                  onClick={() => onTry(Object.fromEntries(changes.map(({ column, value }) => [column, value])))}
                >
                  Try it
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
