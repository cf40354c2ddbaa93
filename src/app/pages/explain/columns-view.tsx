import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useCallback, useEffect } from 'react';
import { hasTrees, type ModelId } from '../../../core/jobs/model-id.ts';
import type { NearestPoint } from '../../../core/jobs/raster-contract.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { formatInteger, formatNumber } from '../../format.ts';
import { useChoice, useParam } from '../../shell/view.ts';
import { useStudio, useStudy } from '../../studio-context.ts';
import { useAnswer, valueOf } from './use-answer.ts';
import { useRaster } from './use-raster.ts';
import { Waiting } from './waiting.tsx';
import './explain.css';

/** One feature or raw column: what its values add, and what the model would answer were they others. */
export default function ColumnsView({
  model,
  say,
  onPick,
}: {
  model: ModelId;
  say: (sentence: string) => void;
  onPick: (row: string) => void;
}) {
  const { host } = useStudio();
  const ranked = useStudy((state) => state.evaluation?.models.find(({ kind }) => kind === model)?.importance);
  const columns = useStudy((state) => state.dataset?.columns);
  const [shape, setShape] = useChoice(
    'effect',
    hasTrees(model) ? (['dependence', 'change', 'together'] as const) : (['dependence', 'change'] as const),
  );
  const [asked, setName] = useParam('column', '');
  const features = ranked?.map(({ feature }) => feature) ?? [];
  const raw =
    columns
      ?.filter(({ role, kind }) => (role === 'feature' || role === 'date') && kind !== 'text')
      .map(({ name }) => name) ?? [];
  const choices = shape === 'dependence' ? features : [...features, ...raw];
  const name = choices.includes(asked) ? asked : (features[0] ?? '');
  return (
    <div className="stack">
      <div className="row end">
        <SegmentedControl
          className="wrapping"
          aria-label="What is shown of a column"
          value={shape}
          onChange={setShape}
          data={[
            { value: 'dependence', label: 'What its values add' },
            { value: 'change', label: 'What if it were another' },
            ...(hasTrees(model) ? [{ value: 'together', label: 'What goes together' }] : []),
          ]}
        />
        {shape !== 'together' && (
          <NativeSelect
            label={shape === 'dependence' ? 'Feature, most important first' : 'Feature or raw column'}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data={
              shape === 'dependence'
                ? features
                : [
                    { group: 'Raw columns', items: raw.filter((each) => !features.includes(each)) },
                    { group: 'Features', items: features },
                  ]
            }
          />
        )}
      </div>
      {shape === 'together' ? (
        <TogetherView host={host} model={model} say={say} />
      ) : shape === 'dependence' ? (
        <DependenceView host={host} model={model} feature={name} say={say} onPick={onPick} />
      ) : (
        <EffectView host={host} model={model} column={name} say={say} />
      )}
    </div>
  );
}

function TogetherView({ host, model, say }: { host: Host; model: ModelId; say: (sentence: string) => void }) {
  const answer = useAnswer(useCallback((options) => host.study.interactionHeatmap({ model }, options), [host, model]));
  const figure = valueOf(answer);
  useEffect(() => {
    if (figure) say(figure.caption);
  }, [figure, say]);
  return (
    <>
      <Waiting answer={answer} what="Adding up interactions" />
      {figure && <FigureView figure={figure} height={520} />}
    </>
  );
}

type Host = ReturnType<typeof useStudio>['host'];

function DependenceView({
  host,
  model,
  feature,
  say,
  onPick,
}: {
  host: Host;
  model: ModelId;
  feature: string;
  say: (sentence: string) => void;
  onPick: (row: string) => void;
}) {
  const answer = useAnswer(
    useCallback((options) => host.study.dependence({ model, feature }, options), [host, model, feature]),
  );
  const found = valueOf(answer);
  useEffect(() => {
    if (found) say(found.figure.caption);
  }, [found, say]);
  const words = useCallback(
    async ({ row, x }: NearestPoint) =>
      `Row ${formatInteger((found?.rows?.[row] ?? row) + 1)}: at ${formatNumber(x)}. Click to explain.`,
    [found],
  );
  const pick = useCallback((row: number) => onPick(String(found?.rows?.[row] ?? row)), [found, onPick]);
  const underlay = useRaster({ figure: found?.figure, cloud: found?.cloud, words, onPick: pick });
  return (
    <>
      <Waiting answer={answer} what="Explaining all customers" />
      {found && underlay && <FigureView figure={found.figure} height={460} underlay={underlay} />}
    </>
  );
}

function EffectView({
  host,
  model,
  column,
  say,
}: {
  host: Host;
  model: ModelId;
  column: string;
  say: (sentence: string) => void;
}) {
  const answer = useAnswer(
    useCallback((options) => host.study.columnEffect({ model, column }, options), [host, model, column]),
  );
  const effect = valueOf(answer);
  useEffect(() => {
    if (effect) say(effect.verdict);
  }, [effect, say]);
  return (
    <>
      <Waiting answer={answer} what="Changing the column" />
      {effect && (
        <>
          <FigureView figure={effect.partialDependence} height={320} />
          <div className="columns">
            <FigureView figure={effect.individual} height={320} />
            {effect.accumulated && <FigureView figure={effect.accumulated} height={320} />}
          </div>
        </>
      )}
    </>
  );
}
