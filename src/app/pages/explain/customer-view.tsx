import { lazy, Suspense, useEffect, useState } from 'react';
import { hasTrees, type ModelId } from '../../../core/jobs/model-id.ts';
import type { CustomerExplanation, ExplanationMethod } from '../../../core/jobs/study-contract.ts';
import { Stats } from '../../components/stats.tsx';
import { formatMeasure, formatPercent } from '../../format.ts';
import { useActions, useStudio, useStudy } from '../../studio-context.ts';
import { CustomerList } from './customer-list.tsx';
import { Interactions } from './interactions.tsx';
import { LimeCheck } from './lime.tsx';
import { MethodSelect, useMethod } from './method-select.tsx';
import { Reasons } from './reasons.tsx';
import { ScoreParts } from './score-parts.tsx';

const TreeViewer = lazy(() => import('./tree-viewer.tsx'));
const WhatIfView = lazy(() => import('./what-if-view.tsx'));

/** One customer: what moves the score, the way through the trees, or what would be with other values. */
export function CustomerView({
  model,
  row,
  shows,
  setRow,
  say,
  version,
}: {
  model: ModelId;
  row: string;
  shows: 'customer' | 'what-if' | 'trees';
  setRow: (row: string) => void;
  say: (sentence: string) => void;
  version: number;
}) {
  const [method] = useMethod(model);
  const explanation = useExplanation(model, row, method);
  useEffect(() => {
    if (explanation && shows !== 'what-if') say(explanation.sentence);
  }, [explanation, shows, say]);
  return (
    <div className="stack">
      {explanation && shows !== 'what-if' && <Head explanation={explanation} />}
      <div className="split">
        <CustomerList model={model} row={row} onChoose={setRow} version={version} />
        <div>
          <Suspense fallback={null}>
            {explanation && shows === 'customer' && (
              <div className="stack">
                <Reasons reasons={explanation.reasons} />
                <MethodSelect model={model} />
                <ScoreParts explanation={explanation} />
                {hasTrees(model) && <Interactions model={model} row={explanation.row} />}
                <LimeCheck model={model} row={explanation.row} />
              </div>
            )}
            {explanation && shows === 'trees' && <TreeViewer model={model} row={row} customer={explanation.id} />}
            {row !== '' && shows === 'what-if' && (
              <WhatIfView key={row} model={model} row={Number(row)} say={say} onPick={setRow} />
            )}
          </Suspense>
        </div>
      </div>
    </div>
  );
}

function Head({ explanation }: { explanation: CustomerExplanation }) {
  return (
    <Stats
      stats={[
        {
          label: 'Customer',
          value: explanation.id,
          band:
            explanation.split === 'train'
              ? 'a training customer: the model has seen the outcome'
              : `${explanation.split} customer`,
        },
        {
          label: 'Propensity score',
          value: formatMeasure(explanation.propensity),
          band: Number.isNaN(explanation.confidence)
            ? `${explanation.band} band; how sure is not known of a model from a file`
            : `${explanation.band} band, ${formatPercent(explanation.confidence)} sure of it`,
        },
        {
          label: 'Conversion probability',
          value: formatPercent(explanation.probability),
          band: 'of customers like this one convert',
        },
      ]}
    />
  );
}

/** Explains the chosen customer; what arrives late is dropped. */
function useExplanation(model: ModelId, row: string, method: ExplanationMethod): CustomerExplanation | undefined {
  const { host } = useStudio();
  const { run } = useActions();
  const evaluation = useStudy((state) => state.evaluation);
  const [explanation, setExplanation] = useState<CustomerExplanation>();
  useEffect(() => {
    if (row === '' || !evaluation) return;
    let current = true;
    void run('explain', 'Explaining a customer', (options) =>
      host.study.explainCustomer({ row: Number(row), model, method }, options),
    ).then((answer) => {
      if (current && answer) setExplanation(answer);
    });
    return () => {
      current = false;
    };
  }, [host, run, row, evaluation, model, method]);
  return explanation;
}
