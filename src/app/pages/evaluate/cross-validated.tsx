import { Button } from '@mantine/core';
import type { CrossValidation } from '../../../core/jobs/study-contract.ts';
import { Failure } from '../../components/failure.tsx';
import { ModelName } from '../../components/model-name.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatMeasure, formatSeconds } from '../../format.ts';
import { useActions, useStudy } from '../../studio-context.ts';

/** How far each model's figures hang on which customers it happened to learn from. */
export function CrossValidated() {
  const result = useStudy((state) => state.crossValidation);
  const isBusy = useStudy((state) => state.runningEverything || state.tasks['cross-validation']?.state === 'running');
  const { crossValidate } = useActions();
  return (
    <div className="sheet stack close">
      <p>
        {result
          ? howToRead(result)
          : 'Each third of the customers is held out once, and the models learn from the rest: nine trainings, with the parameters set on the Train page.'}
      </p>
      <Failure of="cross-validation" />
      {result && (
        <PlainTable
          label="Cross-validation"
          rows={[...result.models].sort((a, b) => b.auc - a.auc)}
          rowKey={(model) => model.kind}
          columns={[
            {
              title: 'Model',
              renderCell: (model) => (
                <span className="nowrap">
                  <ModelName kind={model.kind} />
                </span>
              ),
            },
            {
              title: 'Mean AUC ± standard deviation',
              number: true,
              renderCell: (model) => (
                <span className="nowrap">
                  <strong>{formatMeasure(model.auc)}</strong> ± {formatMeasure(model.aucStandardDeviation)}
                </span>
              ),
            },
            { title: 'PR-AUC', number: true, renderCell: (model) => formatMeasure(model.prAuc) },
            { title: 'Log-loss', number: true, renderCell: (model) => formatMeasure(model.logLoss) },
            { title: 'Time per training', number: true, renderCell: (model) => formatSeconds(model.seconds) },
          ]}
        />
      )}
      <div>
        <Button variant={result ? 'default' : 'filled'} disabled={isBusy} onClick={() => void crossValidate()}>
          {result ? 'Cross-validate again' : 'Cross-validate (3 folds)'}
        </Button>
      </div>
    </div>
  );
}

function howToRead({ folds, models }: CrossValidation): string {
  const widest = Math.max(...models.map((model) => model.aucStandardDeviation));
  return `Every customer was held out once in ${folds} folds: the ± says how much AUC moves with the customers a model learned from, so models less than about ${formatMeasure(widest)} apart may change places with other customers.`;
}
