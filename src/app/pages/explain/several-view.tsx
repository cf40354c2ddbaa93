import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { useStudio } from '../../studio-context.ts';
import { CustomerList } from './customer-list.tsx';
import { useAnswer, valueOf } from './use-answer.ts';
import { Waiting } from './waiting.tsx';
import './explain.css';

const mostCustomers = 6;

/** Several customers side by side; two are set against each other. */
export default function SeveralView({
  model,
  first,
  say,
  version,
}: {
  model: ModelId;
  /** Row of the chosen customer; empty where none is. */
  first: string;
  say: (sentence: string) => void;
  version: number;
}) {
  const { host } = useStudio();
  const [rows, setRows] = useState<readonly number[]>(first === '' ? [] : [Number(first)]);
  const [isFresh, setIsFresh] = useState(first === '');
  const answer = useAnswer(
    useMemo(
      () => (rows.length === 0 ? undefined : (options) => host.study.several({ model, rows }, options)),
      [host, model, rows],
    ),
  );
  const several = rows.length === 0 ? undefined : valueOf(answer);
  useEffect(() => {
    if (several) say(several.difference?.caption ?? several.decision.caption);
  }, [several, say]);
  const toggle = useCallback((row: string) => {
    setIsFresh(false);
    const number = Number(row);
    setRows((before) =>
      before.includes(number) ? before.filter((each) => each !== number) : [...before, number].slice(-mostCustomers),
    );
  }, []);
  return (
    <div className="split">
      <div className="stack tight">
        <CustomerList
          model={model}
          row={isFresh ? '' : 'several'}
          onChoose={toggle}
          chosen={new Set(rows)}
          version={version}
        />
        <div className="row apart">
          <span className="muted small">
            {rows.length} of at most {mostCustomers} chosen
          </span>
          <Button variant="default" size="compact-sm" disabled={rows.length === 0} onClick={() => setRows([])}>
            Choose none
          </Button>
        </div>
      </div>
      <div className="stack">
        {rows.length > 0 && <Waiting answer={answer} what="Explaining the customers" />}
        {rows.length === 0 && <p className="muted">Choose up to {mostCustomers} customers from the list.</p>}
        {several && <FigureView figure={several.decision} height={520} />}
        {several?.difference && <FigureView figure={several.difference} height={420} />}
        {several && <FigureView figure={several.heatmap} height={420} />}
      </div>
    </div>
  );
}
