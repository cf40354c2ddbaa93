import { useEffect, useState } from 'react';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import type { Interaction } from '../../../core/jobs/study-contract.ts';
import { PlainTable } from '../../components/plain-table.tsx';
import { useStudio } from '../../studio-context.ts';
import { signed } from './tree-path.tsx';

/** The pairs of features that give this customer most together, asked for once the customer is shown. */
export function Interactions({ model, row }: { model: ModelId; row: number }) {
  const { host } = useStudio();
  const [answer, setAnswer] = useState<{ readonly of: string; readonly found: readonly Interaction[] }>();
  // What was found of another customer is not shown.
  const asked = `${model} ${row}`;
  const interactions = answer?.of === asked ? answer.found : undefined;
  useEffect(() => {
    const controller = new AbortController();
    host.study.interactionsOf({ model, row }, { signal: controller.signal }).then(
      (found) => !controller.signal.aborted && setAnswer({ of: asked, found }),
      () => undefined,
    );
    return () => controller.abort();
  }, [host, model, row, asked]);
  if (!interactions) return null;
  return (
    <section className="stack tight" aria-label="Interactions">
      <h3 className="figure-title">What features give only together</h3>
      <p className="muted small">
        SHAP interaction values along the paths of the trees, in log-odds. The attributions along the paths contain
        them: half of each counts to either feature.
      </p>
      {interactions.length === 0 ? (
        <p>No two features interact for this customer.</p>
      ) : (
        <PlainTable
          label="Interactions"
          rows={interactions}
          rowKey={({ features }) => features.join(' × ')}
          maxHeight={320}
          columns={[
            {
              title: 'Features',
              sort: ({ features }) => features.join(' × '),
              renderCell: ({ features }) => <span className="cell-name">{features.join(' × ')}</span>,
            },
            {
              title: 'Together',
              number: true,
              sort: ({ interaction }) => interaction,
              renderCell: ({ interaction }) => signed(interaction),
            },
          ]}
        />
      )}
    </section>
  );
}
