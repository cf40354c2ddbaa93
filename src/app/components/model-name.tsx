import type { ModelId } from '../../core/jobs/model-id.ts';

export const modelLabels: Readonly<Record<ModelId, string>> = {
  logistic: 'Logistic regression',
  boosting: 'Gradient boosting',
  neural: 'Neural network',
  imported: 'Model from a file',
};

/** A model by its word, with the colour it has in every chart. One from a file goes by the file's name. */
export function ModelName({ kind, label = modelLabels[kind] }: { kind: ModelId; label?: string }) {
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <span className="dot" style={{ background: `var(--${kind})` }} aria-hidden />
      {label}
    </span>
  );
}
