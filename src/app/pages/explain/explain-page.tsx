import { Button, SegmentedControl, Tabs } from '@mantine/core';
import { lazy, Suspense, useCallback, useState } from 'react';
import { hasTrees } from '../../../core/jobs/model-id.ts';
import type { EvaluatedModel } from '../../../core/jobs/study-contract.ts';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { StaleNotice } from '../../components/stale-notice.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { goTo, showWith, useChoice, useParam } from '../../shell/view.ts';
import { useStudy } from '../../studio-context.ts';
import { CustomerView } from './customer-view.tsx';
import { ReportButton } from './report-button.tsx';

const EverybodyView = lazy(() => import('./everybody-view.tsx'));
const ColumnsView = lazy(() => import('./columns-view.tsx'));
const GroupsView = lazy(() => import('./groups-view.tsx'));
const SeveralView = lazy(() => import('./several-view.tsx'));

const tabs = [
  { value: 'customer', label: 'One customer' },
  { value: 'what-if', label: 'What if' },
  { value: 'everybody', label: 'All customers' },
  { value: 'columns', label: 'Columns' },
  { value: 'groups', label: 'Groups' },
  { value: 'several', label: 'Several' },
  { value: 'trees', label: 'Trees' },
] as const;

/** Why customers have the scores they have: one, all, and everything between. */
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
  const models = useStudy((state) => state.evaluation?.models ?? noModels);
  const best = useStudy((state) => state.evaluation?.best ?? 'boosting');
  const [model, setModel] = useChoice(
    'model',
    models.map(({ kind }) => kind),
    best,
  );
  const shown = tabs.filter(({ value }) => value !== 'trees' || hasTrees(model));
  const [tab, setTab] = useChoice(
    'tab',
    shown.map(({ value }) => value),
  );
  // Models trained anew are explained anew.
  const trained = models
    .map(({ kind, trainSeconds, validationAuc }) => `${kind} ${trainSeconds} ${validationAuc}`)
    .join();
  const [sentence, say] = useState<string>();
  // Tells lists that the selected customers are others.
  const [version, setVersion] = useState(0);
  const onSelect = useCallback(() => setVersion((before) => before + 1), []);
  const pick = useCallback((picked: string) => showWith({ customer: picked, tab: '' }), []);
  return (
    <div className="stack">
      <Verdict step="Explain">{sentence ?? 'Choose a customer to see what raises and what lowers the score.'}</Verdict>
      <Failure of="explain" />
      <StaleNotice stage="evaluate" what="The model and its explanations" />
      <div className="row apart">
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
        <ReportButton model={model} row={row} />
      </div>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb={24}>
          {shown.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          <Suspense key={trained} fallback={null}>
            {(tab === 'customer' || tab === 'what-if' || tab === 'trees') && (
              <CustomerView model={model} row={row} shows={tab} setRow={setRow} say={say} version={version} />
            )}
            {tab === 'everybody' && <EverybodyView model={model} say={say} onPick={pick} onSelect={onSelect} />}
            {tab === 'columns' && <ColumnsView model={model} say={say} onPick={pick} />}
            {tab === 'groups' && <GroupsView model={model} say={say} />}
            {tab === 'several' && <SeveralView model={model} first={row} say={say} version={version} />}
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

const noModels: readonly EvaluatedModel[] = [];
