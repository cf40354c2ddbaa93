import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Condition } from '../../../core/jobs/explanation-contract.ts';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import type { NearestPoint } from '../../../core/jobs/raster-contract.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { formatInteger, formatNumber } from '../../format.ts';
import { useStudio } from '../../studio-context.ts';
import { ImportanceTable } from './importance-table.tsx';
import { SelectionForm } from './selection-form.tsx';
import { SurrogateRules } from './surrogate-rules.tsx';
import { useAnswer, valueOf } from './use-answer.ts';
import { useRaster } from './use-raster.ts';
import { Waiting } from './waiting.tsx';
import './explain.css';

const noConditions: readonly Condition[] = [];

/** Every customer at once: what each feature adds, who is selected, and what the model leans on. */
export default function EverybodyView({
  model,
  say,
  onPick,
  onSelect,
}: {
  model: ModelId;
  say: (sentence: string) => void;
  onPick: (row: string) => void;
  /** Told of every other selection. */
  onSelect: () => void;
}) {
  const { host } = useStudio();
  const [conditions, setConditions] = useState(noConditions);
  const swarmAnswer = useAnswer(useCallback((options) => host.study.beeswarm({ model }, options), [host, model]));
  const swarm = valueOf(swarmAnswer);
  const selectionAnswer = useAnswer(
    useCallback((options) => host.study.select({ model, conditions }, options), [host, model, conditions]),
  );
  const selection = valueOf(selectionAnswer);
  useEffect(() => {
    if (!selection) return;
    say(selection.verdict);
    onSelect();
  }, [selection, say, onSelect]);

  const features = swarm?.figure.series[0]?.y;
  const words = useCallback(
    async ({ row, line, x }: NearestPoint) => {
      const tableRow = swarm?.rows?.[row] ?? row;
      return `Row ${formatInteger(tableRow + 1)}: ${features?.[line] ?? ''} ${x >= 0 ? 'adds' : 'takes'} ${formatNumber(Math.abs(x))}. Click to explain.`;
    },
    [features, swarm],
  );
  const pick = useCallback((row: number) => onPick(String(swarm?.rows?.[row] ?? row)), [swarm, onPick]);
  const selected = useMemo(() => {
    const all = selection?.selected;
    return all && swarm?.rows ? Uint8Array.from(swarm.rows, (row) => all[row] ?? 0) : all;
  }, [selection, swarm]);
  const underlay = useRaster({ figure: swarm?.figure, cloud: swarm?.cloud, selected, words, onPick: pick });

  const range = conditions.find(({ column }) => column === 'propensity');
  const brush = useMemo(
    () => ({
      range: range && ([range.atLeast ?? 0, range.atMost ?? 1] as const),
      onChange: (next: readonly [number, number] | undefined) =>
        setConditions((before) => [
          ...before.filter(({ column }) => column !== 'propensity'),
          ...(next ? [{ column: 'propensity', atLeast: next[0], atMost: next[1] }] : []),
        ]),
    }),
    [range],
  );
  return (
    <div className="stack">
      <SelectionForm conditions={conditions} onChange={setConditions} customers={selection?.customers} />
      <Waiting answer={swarmAnswer} what="Explaining all customers" />
      {swarm && underlay && <FigureView figure={swarm.figure} height={520} underlay={underlay} />}
      <Waiting answer={selectionAnswer} what="Selecting customers" />
      {selection && (
        <div className="columns">
          <FigureView figure={selection.scores} height={300} brush={brush} />
          <FigureView figure={selection.importance} height={420} />
        </div>
      )}
      <ImportanceTable model={model} />
      <SurrogateRules model={model} />
    </div>
  );
}
