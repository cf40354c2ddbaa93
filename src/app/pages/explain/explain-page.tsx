import { Button, SegmentedControl, Tabs, TextInput } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { hasTrees, type ModelId } from '../../../core/jobs/model-id.ts';
import type {
  CustomerExplanation,
  CustomerHit,
  EvaluatedModel,
  ExplanationMethod,
} from '../../../core/jobs/study-contract.ts';
import { BandName } from '../../components/band-bar.tsx';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { StaleNotice } from '../../components/stale-notice.tsx';
import { Stats } from '../../components/stats.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { formatMeasure, formatPercent } from '../../format.ts';
import { goTo, useChoice, useParam } from '../../shell/view.ts';
import { useActions, useStudio, useStudy } from '../../studio-context.ts';
import { Interactions } from './interactions.tsx';
import { LimeCheck } from './lime.tsx';
import { MethodSelect, useMethod } from './method-select.tsx';
import { Reasons } from './reasons.tsx';
import { ScoreParts } from './score-parts.tsx';

const TreeViewer = lazy(() => import('./tree-viewer.tsx'));

/** Why one customer has the score they have. */
export default function ExplainPage() {
  const isReady = useStudy((state) => state.evaluation !== undefined);
  if (isReady) return <Explain />;
  return (
    <div className="stack">
      <Verdict step="Explain">
        Nobody to explain yet. With a trained model, this page says for any customer what raises and what lowers the
        score.
      </Verdict>
      <Empty title="An evaluated model comes first" action={<Button onClick={() => goTo('train')}>Go to Train</Button>}>
        Train and evaluate the models, or press "Run everything".
      </Empty>
    </div>
  );
}

function Explain() {
  const [row, setRow] = useParam('customer', '');
  const [tab, setTab] = useChoice('tab', ['customer', 'trees']);
  const models = useStudy((state) => state.evaluation?.models ?? noModels);
  const best = useStudy((state) => state.evaluation?.best ?? 'boosting');
  const [asked, setModel] = useParam('model', best);
  const model = models.find(({ kind }) => kind === asked)?.kind ?? best;
  const [method] = useMethod(model);
  const { explanation, hits, query, setQuery } = useExplanation(model, row, method, setRow);
  return (
    <div className="stack">
      <Verdict step="Explain">
        {explanation ? explanation.sentence : 'Choose a customer to see what raises and what lowers the score.'}
      </Verdict>
      <Failure of="explain" />
      <StaleNotice stage="evaluate" what="The model and its explanations" />
      {models.length > 1 && (
        <SegmentedControl
          className="wrapping"
          style={{ alignSelf: 'flex-start' }}
          aria-label="Model that is explained"
          value={model}
          onChange={setModel}
          data={models.map(({ kind, label }) => ({ value: kind, label }))}
        />
      )}
      {explanation && <Head explanation={explanation} />}
      <div className="split">
        <section className="stack close" aria-label="Customers">
          <TextInput
            type="search"
            label="Find a customer"
            placeholder="Id"
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
          <div className="sheet" style={{ padding: 0 }}>
            {hits.length === 0 ? (
              <p className="muted small" style={{ padding: 16 }}>
                No customer has this id.
              </p>
            ) : (
              <Hits hits={hits} row={row} onChoose={setRow} />
            )}
          </div>
        </section>
        {explanation && (
          <Tabs value={hasTrees(model) ? tab : 'customer'} onChange={setTab} keepMounted={false}>
            {hasTrees(model) && (
              <Tabs.List mb={16}>
                <Tabs.Tab value="customer">What moves the score</Tabs.Tab>
                <Tabs.Tab value="trees">Trees</Tabs.Tab>
              </Tabs.List>
            )}
            <Tabs.Panel value="trees">
              <Suspense fallback={null}>
                <TreeViewer model={model} row={row} customer={explanation.id} />
              </Suspense>
            </Tabs.Panel>
            <Tabs.Panel value="customer">
              <div className="stack">
                <Reasons reasons={explanation.reasons} />
                <MethodSelect model={model} />
                <ScoreParts explanation={explanation} />
                {hasTrees(model) && <Interactions model={model} row={explanation.row} />}
                <LimeCheck model={model} row={explanation.row} />
              </div>
            </Tabs.Panel>
          </Tabs>
        )}
      </div>
    </div>
  );
}

const noModels: readonly EvaluatedModel[] = [];

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

function Hits({ hits, row, onChoose }: { hits: readonly CustomerHit[]; row: string; onChoose: (row: string) => void }) {
  return (
    <ul className="hits">
      {hits.map((hit) => (
        <li key={hit.row}>
          <button
            type="button"
            className="hit"
            style={{ boxSizing: 'border-box', width: '100%' }}
            aria-current={String(hit.row) === row}
            onClick={() => onChoose(String(hit.row))}
          >
            <span className="mono">{hit.id}</span>
            <span className="small">
              <BandName name={hit.band} />
            </span>
            <span className="number">{formatMeasure(hit.propensity)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Finds customers as the id is typed and explains the chosen one; what arrives late is dropped. */
function useExplanation(model: ModelId, row: string, method: ExplanationMethod, setRow: (row: string) => void) {
  const { host } = useStudio();
  const { run } = useActions();
  const evaluation = useStudy((state) => state.evaluation);
  const [query, setQuery] = useState('');
  const [hits, setHits] = useState<readonly CustomerHit[]>([]);
  const [explanation, setExplanation] = useState<CustomerExplanation>();

  useEffect(() => {
    if (!evaluation) return;
    const controller = new AbortController();
    const rest = setTimeout(() => {
      host.study.findCustomers({ query, limit: 50, model }, { signal: controller.signal }).then(
        (found) => {
          if (!controller.signal.aborted) setHits(found);
        },
        () => undefined,
      );
    }, 150);
    return () => {
      clearTimeout(rest);
      controller.abort();
    };
  }, [host, query, evaluation, model]);

  const first = hits[0];
  useEffect(() => {
    if (row === '' && first) setRow(String(first.row));
  }, [row, first, setRow]);

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

  return { query, setQuery, hits, explanation };
}
