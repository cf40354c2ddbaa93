import { Button } from '@mantine/core';
import { useState } from 'react';
import { reasonsNote } from '../../../core/explanation/reasons.ts';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import type { Lime } from '../../../core/jobs/study-contract.ts';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatPercent } from '../../format.ts';
import { useActions, useStudio } from '../../studio-context.ts';

/** LIME beside the attributions: a line through made-up customers nearby, asked for by a click, with its stability. */
export function LimeCheck({ model, row }: { model: ModelId; row: number }) {
  const { host } = useStudio();
  const { run } = useActions();
  const [answer, setAnswer] = useState<{ readonly of: string; readonly told: Lime | undefined }>();
  // What was told of another customer is not shown.
  const asked = `${model} ${row}`;
  const told = answer?.of === asked ? answer.told : undefined;
  const ask = async () => {
    const found = await run('lime', 'Asking LIME', (options) => host.study.limeOf({ model, row }, options));
    setAnswer({ of: asked, told: found });
  };
  return (
    <section className="stack tight" aria-label="LIME">
      <h3 className="figure-title">LIME, beside it</h3>
      <p className="muted small">
        A straight line through 5,000 customers made up around this one, of the conversion probability; drawn five
        times.
        {` ${reasonsNote}`}
      </p>
      {told ? (
        <LimeTable told={told} />
      ) : (
        <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={() => void ask()}>
          Ask LIME
        </Button>
      )}
    </section>
  );
}

function LimeTable({ told: { features, stability, isStable, fit } }: { told: Lime }) {
  return (
    <>
      <p role={isStable ? undefined : 'alert'}>
        {isStable
          ? `Two draws name ${formatPercent(stability)} the same features: the story is stable.`
          : `Not stable: two draws name only ${formatPercent(stability)} the same features. Another seed would tell another story; trust the attributions above.`}{' '}
        The line tells {formatPercent(Math.max(0, fit))} of the model nearby.
      </p>
      <PlainTable
        label="LIME weights"
        rows={features}
        rowKey={({ feature }) => feature}
        maxHeight={320}
        columns={[
          {
            title: 'Feature, in the quarter of values that it is in',
            sort: ({ feature }) => feature,
            renderCell: ({ feature }) => <span className="cell-name">{feature}</span>,
          },
          {
            title: 'Points',
            number: true,
            sort: ({ weight }) => weight,
            renderCell: ({ weight }) => points(weight, weight > 0 ? '+' : ''),
          },
          {
            title: '± over draws',
            number: true,
            sort: ({ deviation }) => deviation,
            renderCell: ({ deviation }) => points(deviation),
          },
        ]}
      />
    </>
  );
}

const points = (share: number, sign = '') => `${sign}${(share * 100).toFixed(2).replace('-', '−')}`;
