import type { TreeAnswer, TreeView } from '../../../core/jobs/study-contract.ts';

/** With its sign, three decimals, a true minus. */
export const signed = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(3).replace('-', '−')}`;

/** The customer's way in words: each question, the value that answered it, and what the leaf adds. */
export function TreePath({
  tree,
  path,
  customer,
}: {
  tree: TreeView;
  path: NonNullable<TreeAnswer['path']>;
  customer: string;
}) {
  return (
    <section className="stack tight" aria-label={`The way of ${customer}`}>
      <h2 className="section-title">The way of {customer}</h2>
      <ol className="tree-path">
        {path.map(({ node, value }, step) => {
          const at = tree.nodes[node];
          if (!at) return null;
          if (at.kind === 'leaf')
            return (
              <li key={node}>
                Leaf {at.leaf}: adds <strong>{signed(at.value)}</strong>
              </li>
            );
          const isLeft = path[step + 1]?.node === at.left;
          return (
            <li key={node}>
              {at.question}?{' '}
              <strong>
                {value === 'missing' ? 'missing, so' : ''} {isLeft ? 'yes' : 'no'}
              </strong>
              {value !== 'missing' && <span className="muted"> ({value})</span>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
