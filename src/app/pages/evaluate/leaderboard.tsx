import { Button } from '@mantine/core';
import { isTrainedHere } from '../../../core/jobs/model-id.ts';
import type { EvaluatedModel, EvaluationSummary } from '../../../core/jobs/study-contract.ts';
import { ModelName } from '../../components/model-name.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatMeasure, formatSeconds, formatTimes } from '../../format.ts';
import { useActions, useStudio } from '../../studio-context.ts';

/** Models side by side, the chosen one marked. Choosing happened on validation; the figures are test's. */
export function Leaderboard({ evaluation }: { evaluation: EvaluationSummary }) {
  const { saveBundle, download } = useActions();
  const { host } = useStudio();
  const models = [...evaluation.models].sort((a, b) => b.metrics.auc.value - a.metrics.auc.value);
  const measure = (title: string, of: (model: EvaluatedModel) => number, format = formatMeasure) => ({
    title,
    number: true,
    sort: of,
    renderCell: (model: EvaluatedModel) => format(of(model)),
  });
  return (
    <PlainTable
      label="Leaderboard"
      rows={models}
      rowKey={(model) => model.kind}
      columns={[
        {
          title: 'Model',
          sort: (model) => model.label,
          renderCell: (model) => (
            <span className="model-cell">
              <ModelName kind={model.kind} label={model.label} />
              {model.kind === evaluation.best && <span className="tag accent">chosen on validation</span>}
              {!isTrainedHere(model.kind) && <span className="tag">from a file</span>}
            </span>
          ),
        },
        {
          title: 'AUC',
          number: true,
          sort: (model) => model.metrics.auc.value,
          renderCell: ({ metrics: { auc } }) => (
            <span className="nowrap">
              <strong>{formatMeasure(auc.value)}</strong>{' '}
              <span className="muted">
                ({formatMeasure(auc.low)}–{formatMeasure(auc.high)})
              </span>
            </span>
          ),
        },
        measure('PR-AUC', (model) => model.metrics.prAuc.value),
        measure('Lift 10\u00a0%', (model) => model.metrics.lift10.value, formatTimes),
        measure('Log-loss', (model) => model.metrics.logLoss.value),
        measure('Brier', (model) => model.metrics.brier.value),
        measure('ECE', (model) => model.metrics.ece.value),
        measure('F1', (model) => model.metrics.f1.value),
        measure('Trained in', (model) => model.trainSeconds, formatSeconds),
        {
          title: 'Files',
          renderCell: ({ kind, label }) => {
            if (!isTrainedHere(kind)) return null;
            return (
              <span className="nowrap">
                <Button
                  variant="subtle"
                  size="compact-sm"
                  onClick={() => void saveBundle(kind)}
                  aria-label={`Save bundle of ${label.toLowerCase()}`}
                >
                  Bundle
                </Button>
                {kind === 'boosting' && (
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    onClick={() =>
                      void download('Writing model.txt', (options) => host.study.exportModelText({}, options))
                    }
                    aria-label="Download model.txt (LightGBM)"
                  >
                    model.txt
                  </Button>
                )}
                {kind === 'neural' && (
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    onClick={() =>
                      void download('Writing the network', (options) => host.study.exportTfjsModel({}, options))
                    }
                    aria-label="Download model.json and weights (tfjs)"
                  >
                    tfjs
                  </Button>
                )}
              </span>
            );
          },
        },
      ]}
    />
  );
}
