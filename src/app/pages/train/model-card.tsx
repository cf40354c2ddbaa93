import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ModelSummary } from '../../../core/jobs/study-contract.ts';
import type { ModelKind } from '../../../core/models/model.ts';
import { schemaFor } from '../../../core/models/parameter-check.ts';
import type { ParameterSchema, ParameterValue } from '../../../core/models/parameters.ts';
import { LiveCurve } from '../../components/live-curve.tsx';
import { modelLabels } from '../../components/model-name.tsx';
import { StopButtons } from '../../components/stop-buttons.tsx';
import { formatInteger, formatNumber, formatSeconds } from '../../format.ts';
import { useActions, useStudy } from '../../studio-context.ts';
import { ParameterField } from './parameter-field.tsx';
import { RoundTraces } from './round-traces.tsx';

const what: Readonly<Record<ModelKind, string>> = {
  logistic: 'Simple and readable: the baseline the others must beat.',
  boosting: 'Many small trees, each mending the last. Usually ranks best.',
  neural: 'Dense layers that learn their own combinations of features.',
};

const noRounds: readonly never[] = [];

/** One model: how it learns, what came out, and its parameters. */
export function ModelCard({
  kind,
  schema,
  metric,
  onMetric,
}: {
  kind: ModelKind;
  schema: readonly ParameterSchema[];
  /** The measure that the learning curves show. */
  metric: string;
  onMetric: (metric: string) => void;
}) {
  const model = useStudy((state) => state.models[kind]);
  const live = useStudy((state) => state.rounds[kind]);
  const isRunning = useStudy((state) => state.tasks[kind]?.state === 'running');
  // Parameters count from the next training: while everything runs there is only the learning to watch.
  const isBusy = useStudy((state) => state.runningEverything || isRunning);
  const canTrain = useStudy((state) => state.features !== undefined && !state.runningEverything);
  const recovery = useStudy((state) => state.recoveries[kind]);
  const { train } = useActions();
  const rounds = isRunning ? (live ?? noRounds) : (model?.rounds ?? live ?? noRounds);
  return (
    <section
      className="sheet model-card stack close"
      style={{ borderTopColor: `var(--${kind})` }}
      aria-label={modelLabels[kind]}
    >
      <div className="stack tight">
        <div className="row apart">
          <h2>{modelLabels[kind]}</h2>
          {model && !isRunning && <span className="tag">{model.backend}</span>}
        </div>
        <p className="muted small">{what[kind]}</p>
      </div>
      <LiveCurve
        kind={kind}
        rounds={rounds}
        metric={metric}
        onMetric={onMetric}
        {...(model && !isRunning ? { best: model.bestRound } : {})}
      />
      {kind === 'neural' && <RoundTraces rounds={rounds} />}
      {isRunning && <Pace kind={kind} />}
      {recovery && (
        <p className="notice warning small" role="status">
          {recovery}
        </p>
      )}
      {model && !isRunning && (
        <p className="small">
          {trainedWords(kind, model)} Probabilities by {model.calibrator}.
        </p>
      )}
      {model && !isRunning && model.notes.length > 0 && <p className="muted small">{model.notes.join(' ')}</p>}
      {!isBusy && <ParameterForm kind={kind} schema={schema} />}
      <div className="row">
        {isRunning ? (
          <StopButtons id={kind} />
        ) : (
          <Button
            variant="default"
            disabled={!canTrain}
            onClick={() => void train([kind])}
            aria-label={`Train ${modelLabels[kind].toLowerCase()}`}
          >
            Train this model
          </Button>
        )}
      </div>
    </section>
  );
}

/** How fast it learns, and how long it may take at most. */
function Pace({ kind }: { kind: ModelKind }) {
  const pace = useStudy((state) => state.pace[kind]);
  const round = useStudy((state) => state.rounds[kind]?.at(-1));
  const seconds = useStudy((state) => {
    const task = state.tasks[kind];
    return task?.state === 'running' ? Math.ceil(task.progress.etaSeconds ?? Number.NaN) : Number.NaN;
  });
  if (!round) return null;
  const parts = [
    `${roundWords[kind]} ${formatInteger(round.round)} of at most ${formatInteger(round.of)}`,
    ...(pace ? [`${formatNumber(pace)} a second`] : []),
    ...(Number.isFinite(seconds) ? [`at most ${formatSeconds(seconds)} left`] : []),
  ];
  return <p className="small number start">{parts.join(' · ')}</p>;
}

const roundWords: Readonly<Record<ModelKind, string>> = { logistic: 'Step', boosting: 'Tree', neural: 'Epoch' };

function trainedWords(kind: ModelKind, { trainSeconds, rounds }: ModelSummary): string {
  const pace = rounds.length / trainSeconds;
  const speed =
    kind === 'boosting' && Number.isFinite(pace)
      ? `: ${formatInteger(rounds.length)} trees, ${formatNumber(pace)} a second`
      : '';
  return `Trained in ${formatSeconds(trainSeconds)}${speed}.`;
}

function ParameterForm({ kind, schema }: { kind: ModelKind; schema: readonly ParameterSchema[] }) {
  const parameters = useStudy((state) => state.spec.parameters);
  const { changeSpec } = useActions();
  const [query, setQuery] = useState('');
  const set = (name: string, value: ParameterValue | undefined) => {
    const { [name]: _old, ...rest } = parameters[kind];
    changeSpec({ parameters: { ...parameters, [kind]: value === undefined ? rest : { ...rest, [name]: value } } });
  };
  const fields = (list: readonly ParameterSchema[]) =>
    schemaFor(list, parameters[kind]).map((each) => (
      <ParameterField
        key={each.name}
        schema={each}
        value={parameters[kind][each.name]}
        onChange={(value) => set(each.name, value)}
      />
    ));
  // The few that matter; the rest is a click away.
  const open = schema.filter((each) => each.open);
  const folded = schema.filter((each) => !open.includes(each));
  const found = folded.filter((each) => `${each.name} ${each.help}`.toLowerCase().includes(query.toLowerCase()));
  const changed = Object.keys(parameters[kind]).length;
  return (
    <div className="stack close">
      {fields(open)}
      {folded.length > 0 && (
        <details className="more">
          <summary>{folded.length} more parameters</summary>
          <div className="stack close" style={{ paddingTop: 12 }}>
            <TextInput
              type="search"
              placeholder="Search parameters"
              aria-label={`Search parameters of ${modelLabels[kind].toLowerCase()}`}
              value={query}
              onChange={(event) => setQuery(event.currentTarget.value)}
            />
            {fields(found)}
          </div>
        </details>
      )}
      {changed > 0 && (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => changeSpec({ parameters: { ...parameters, [kind]: {} } })}
        >
          Put all {changed} changed back
        </Button>
      )}
    </div>
  );
}
