import { Button } from '@mantine/core';
import { useCallback } from 'react';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatMeasure, formatPercent } from '../../format.ts';
import { useStudio } from '../../studio-context.ts';
import { useAnswer, valueOf } from './use-answer.ts';
import { Waiting } from './waiting.tsx';

/** The customers most like one, what became of them, and in what they differ. */
export function NeighbourTable({ model, row, onPick }: { model: ModelId; row: number; onPick: (row: string) => void }) {
  const { host } = useStudio();
  const answer = useAnswer(
    useCallback((options) => host.study.neighbours({ model, row }, options), [host, model, row]),
  );
  const found = valueOf(answer);
  return (
    <section className="stack tight" aria-label="Similar customers">
      <h2 className="section-title">The most similar customers</h2>
      <Waiting answer={answer} what="Looking for similar customers" />
      {found && (
        <>
          <p>{found.sentence}</p>
          <PlainTable
            label="Similar customers"
            rows={found.near}
            rowKey={(near) => near.row}
            columns={[
              {
                title: 'Customer',
                renderCell: (near) => (
                  <Button variant="subtle" size="compact-sm" onClick={() => onPick(String(near.row))}>
                    {near.id}
                  </Button>
                ),
              },
              { title: 'Alike', number: true, renderCell: ({ similarity }) => formatPercent(similarity) },
              {
                title: 'Score',
                number: true,
                sort: ({ propensity }) => propensity,
                renderCell: ({ propensity }) => formatMeasure(propensity),
              },
              {
                title: 'Converted',
                renderCell: ({ converted, split }) =>
                  converted === null
                    ? 'not known'
                    : `${converted ? 'yes' : 'no'}${split === 'train' ? ', seen in training' : ''}`,
              },
              {
                title: 'Differs in',
                renderCell: ({ differs }) => <div className="cell-words">{differs.join('; ') || '–'}</div>,
              },
            ]}
          />
        </>
      )}
    </section>
  );
}
