import { SegmentedControl } from '@mantine/core';
import { useEffect, useState } from 'react';
import { hasTrees, type ModelId } from '../../../core/jobs/model-id.ts';
import type { EvaluationSummary, ImportanceMeasure } from '../../../core/jobs/study-contract.ts';
import type { Figure } from '../../../core/reports/figure.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { Failure } from '../../components/failure.tsx';
import { useChoice } from '../../shell/view.ts';
import { useActions, useStudio } from '../../studio-context.ts';

const measures: readonly { readonly value: ImportanceMeasure; readonly label: string }[] = [
  { value: 'shap', label: 'Mean |SHAP|' },
  { value: 'gain', label: 'Gain of splits' },
  { value: 'split', label: 'Number of splits' },
];

/** What a model leans on, in one of three ways for trees: they answer different questions and rank differently. */
export function ImportanceView({ evaluation }: { evaluation: EvaluationSummary }) {
  const [kind, setModel] = useChoice(
    'model',
    evaluation.models.map((model) => model.kind),
    evaluation.best,
  );
  const [by, setBy] = useChoice(
    'by',
    measures.map(({ value }) => value),
  );
  const measure = hasTrees(kind) ? by : 'shap';
  const figure = useImportance(evaluation, kind, measure);
  return (
    <div className="stack close">
      <div className="row">
        <SegmentedControl
          className="wrapping"
          aria-label="Model"
          value={kind}
          onChange={setModel}
          data={evaluation.models.map((each) => ({ value: each.kind, label: each.label }))}
        />
        {hasTrees(kind) && (
          <SegmentedControl
            className="wrapping"
            aria-label="Importance by"
            value={measure}
            onChange={setBy}
            data={[...measures]}
          />
        )}
      </div>
      <Failure of="importance" />
      {figure && <FigureView key={`${kind}-${measure}`} figure={figure} />}
    </div>
  );
}

function useImportance(evaluation: EvaluationSummary, model: ModelId, by: ImportanceMeasure): Figure | undefined {
  const { host } = useStudio();
  const { run } = useActions();
  const known =
    model === evaluation.best && by === 'shap' ? evaluation.figures.find(({ id }) => id === 'importance') : undefined;
  const [fetched, setFetched] = useState<Figure>();
  useEffect(() => {
    if (known) return;
    let current = true;
    void run('importance', 'Measuring importance', (options) => host.study.importance({ model, by }, options)).then(
      (figure) => current && figure && setFetched(figure),
    );
    return () => {
      current = false;
    };
  }, [host, run, known, model, by]);
  return known ?? fetched;
}
