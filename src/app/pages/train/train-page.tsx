import { Button, Tabs } from '@mantine/core';
import { type ComponentType, lazy, Suspense } from 'react';
import type { ModelSummary } from '../../../core/jobs/study-contract.ts';
import { type ModelKind, modelKinds } from '../../../core/models/model.ts';
import { loadModels, useLoaded } from '../../catalogues.ts';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { modelLabels } from '../../components/model-name.tsx';
import { StaleNotice } from '../../components/stale-notice.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { formatMeasure, formatSeconds } from '../../format.ts';
import { goTo, useChoice, useParam } from '../../shell/view.ts';
import type { StudyState } from '../../stores/study-state.ts';
import { useActions, useStudy } from '../../studio-context.ts';
import { ConfigEditor } from './config-editor.tsx';
import { ModelCard } from './model-card.tsx';
import { SplitForm } from './split-form.tsx';
import './train.css';

const CoefficientsView = lazy(() => import('./coefficients-view.tsx'));
const NetworkView = lazy(() => import('./network-view.tsx'));
const ScorecardView = lazy(() => import('./scorecard-view.tsx'));

const tabs = ['models', 'coefficients', 'scorecard', 'network', 'split', 'config'] as const;

/** Three models, their parameters, and their learning while it happens. */
export default function TrainPage() {
  const [tab, setTab] = useChoice('tab', tabs);
  const [metric, setMetric] = useParam('metric', 'auc');
  const models = useLoaded(loadModels);
  const verdict = useStudy(verdictOf);
  const hasFeatures = useStudy((state) => state.features !== undefined);
  const isBusy = useStudy(
    (state) => state.runningEverything || modelKinds.some((kind) => state.tasks[kind]?.state === 'running'),
  );
  const { train } = useActions();
  const trainAll = (
    <Button disabled={!hasFeatures || isBusy} onClick={() => void train(modelKinds)}>
      Train three models
    </Button>
  );
  return (
    <div className="stack">
      <Verdict step="Train">{verdict}</Verdict>
      <Failure of="data" />
      <Failure of="features" />
      {modelKinds.map((kind) => (
        <Failure key={kind} of={kind} />
      ))}
      {!hasFeatures && !isBusy && (
        <Empty title="Features come first" action={<Button onClick={() => goTo('features')}>Go to Features</Button>}>
          Build the features, or press "Run everything": it makes customers, builds features and trains all three
          models.
        </Empty>
      )}
      <StaleNotice stage="train" what="The models" action={trainAll} />
      {hasFeatures && !isBusy && <div className="row">{trainAll}</div>}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="models">Models</Tabs.Tab>
          <Tabs.Tab value="coefficients">Coefficients</Tabs.Tab>
          <Tabs.Tab value="scorecard">Scorecard</Tabs.Tab>
          <Tabs.Tab value="network">Network</Tabs.Tab>
          <Tabs.Tab value="split">Split</Tabs.Tab>
          <Tabs.Tab value="config">Configuration as YAML</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="models" pt={16}>
          <div className="model-cards">
            {modelKinds.map((kind) => (
              <ModelCard
                key={kind}
                kind={kind}
                metric={metric}
                onMetric={setMetric}
                schema={models?.find((model) => model.kind === kind)?.parameters ?? []}
              />
            ))}
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="coefficients" pt={16}>
          <OfModel kind="logistic" view={CoefficientsView} />
        </Tabs.Panel>
        <Tabs.Panel value="scorecard" pt={16}>
          <OfModel kind="logistic" view={ScorecardView} />
        </Tabs.Panel>
        <Tabs.Panel value="network" pt={16}>
          <OfModel kind="neural" view={NetworkView} />
        </Tabs.Panel>
        <Tabs.Panel value="split" pt={16}>
          <SplitForm />
        </Tabs.Panel>
        <Tabs.Panel value="config" pt={16}>
          {models && <ConfigEditor models={models} />}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

/** A closer look at a trained model; before that, how to get one. */
function OfModel({ kind, view: View }: { kind: ModelKind; view: ComponentType<{ model: ModelSummary }> }) {
  const model = useStudy((state) => state.models[kind]);
  const canTrain = useStudy((state) => state.features !== undefined && !state.runningEverything);
  const isRunning = useStudy((state) => state.tasks[kind]?.state === 'running');
  const { train } = useActions();
  const name = modelLabels[kind].toLowerCase();
  if (model && !isRunning) {
    return (
      <Suspense fallback={null}>
        <View model={model} />
      </Suspense>
    );
  }
  return (
    <Empty
      title={isRunning ? `The ${name} is learning` : `No ${name} yet`}
      action={canTrain && !isRunning ? <Button onClick={() => void train([kind])}>Train the {name}</Button> : undefined}
    >
      {isRunning ? 'This view opens when it is trained.' : 'This view looks into the trained model.'}
    </Empty>
  );
}

function verdictOf(state: StudyState): string {
  const trained = modelKinds.flatMap((kind) => state.models[kind] ?? []);
  const running = modelKinds.filter((kind) => state.tasks[kind]?.state === 'running');
  if (running.length > 0)
    return `${running.map((kind) => modelLabels[kind]).join(', ')} ${running.length === 1 ? 'is' : 'are'} learning.`;
  if (state.tasks.data?.state === 'running') return 'Customers are being made; then come features and three models.';
  if (state.tasks.features?.state === 'running') return 'Features are being built; then three models are trained.';
  if (trained.length === 0)
    return 'No models yet. Train a simple one, a strong one and a deep one, and compare them on the same customers.';
  const best = trained.reduce((a, b) => (b.validationAuc > a.validationAuc ? b : a));
  const seconds = trained.reduce((sum, model) => sum + model.trainSeconds, 0);
  return `${best.label} ranks validation customers best: AUC ${formatMeasure(best.validationAuc)}. ${trained.length === 1 ? 'It' : `All ${trained.length}`} trained in ${formatSeconds(seconds)}.`;
}
