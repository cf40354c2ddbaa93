import type { CustomerExplanation } from '../../../core/jobs/study-contract.ts';
import { PlainTable } from '../../components/plain-table.tsx';
import { signed } from './tree-path.tsx';

/** The pairs of features that give this customer most together, beside what each gives alone. */
export function Interactions({ interactions }: { interactions: NonNullable<CustomerExplanation['interactions']> }) {
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
