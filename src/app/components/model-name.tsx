import type { ModelKind } from '../../core/models/model.ts';

export const modelLabels: Readonly<Record<ModelKind, string>> = {
  logistic: 'Logistic regression',
  boosting: 'Gradient boosting',
  neural: 'Neural network',
};

/** A model by its word, with the colour it has in every chart. */
export function ModelName({ kind }: { kind: ModelKind }) {
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <span className="dot" style={{ background: `var(--${kind})` }} aria-hidden />
      {modelLabels[kind]}
    </span>
  );
}
