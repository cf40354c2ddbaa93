import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useState } from 'react';
import { reasonsNote } from '../../../core/explanation/reasons.ts';
import type { Changes, CustomerColumn } from '../../../core/jobs/explanation-contract.ts';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Stats } from '../../components/stats.tsx';
import { formatMeasure, formatPercent } from '../../format.ts';
import { useStudio, useStudy } from '../../studio-context.ts';
import { CounterfactualList } from './counterfactual-list.tsx';
import { NeighbourTable } from './neighbour-table.tsx';
import { useAnswer, valueOf } from './use-answer.ts';
import { Waiting } from './waiting.tsx';
import './explain.css';

const nothing: Changes = {};

/** One customer with other values: features, score and waterfall follow. Begins anew with every customer. */
export default function WhatIfView({
  model,
  row,
  say,
  onPick,
}: {
  model: ModelId;
  row: number;
  say: (sentence: string) => void;
  onPick: (row: string) => void;
}) {
  const { host } = useStudio();
  const cut = useStudy((state) => state.evaluation?.cut ?? 0.7);
  const isNarrow = useMediaQuery('(max-width: 640px)');
  const [changes, setChanges] = useState(nothing);
  const [showsAll, setShowsAll] = useState(false);
  const columnsAnswer = useAnswer(useCallback((options) => host.study.customerColumns({ row }, options), [host, row]));
  const columns = valueOf(columnsAnswer);
  const answer = useAnswer(
    useCallback((options) => host.study.whatIf({ model, row, changes }, options), [host, model, row, changes]),
  );
  const result = valueOf(answer);
  useEffect(() => {
    if (result) say(result.sentence);
  }, [result, say]);
  const set = (column: CustomerColumn, value: CustomerColumn['value']) =>
    setChanges((before) => {
      const { [column.name]: _, ...kept } = before;
      return value === column.value ? kept : { ...kept, [column.name]: value };
    });
  const says = columns?.some(({ changeable }) => changeable !== null) ?? false;
  const shown = columns?.filter(({ changeable, name }) => showsAll || !says || changeable === true || name in changes);
  return (
    <div className="stack">
      {result && (
        <Stats
          stats={[
            {
              label: 'Propensity score',
              value: formatMeasure(result.after.propensity),
              band: `${result.after.band} band; was ${formatMeasure(result.before.propensity)}`,
            },
            {
              label: 'Conversion probability',
              value: formatPercent(result.after.probability),
              band: `was ${formatPercent(result.before.probability)}`,
            },
          ]}
        />
      )}
      <CounterfactualList key={`${model} ${row}`} model={model} row={row} cut={cut} onTry={setChanges} />
      <section className="stack close" aria-label="Change the customer">
        <div className="row apart">
          <h2 className="section-title">Change the customer</h2>
          <div className="row">
            {says && (
              <Button variant="default" size="compact-sm" onClick={() => setShowsAll(!showsAll)}>
                {showsAll ? 'Only what could be changed' : 'Show every column'}
              </Button>
            )}
            <Button
              variant="default"
              size="compact-sm"
              disabled={Object.keys(changes).length === 0}
              onClick={() => setChanges(nothing)}
            >
              As the customer is
            </Button>
          </div>
        </div>
        <Waiting answer={columnsAnswer} what="Reading the customer" />
        <div className="change-form">
          {shown?.map((column) => (
            <ChangeField
              key={`${row} ${column.name}`}
              column={column}
              changes={changes}
              onChange={(value) => set(column, value)}
            />
          ))}
        </div>
        <p className="muted small">{reasonsNote}</p>
      </section>
      <Waiting answer={answer} what="Scoring the changed customer" />
      {result && (
        <FigureView
          figure={result.waterfall}
          height={Math.max(320, (result.waterfall.series[0]?.x.length ?? 8) * (isNarrow ? 48 : 34) + 60)}
        />
      )}
      {result && result.features.length > 0 && (
        <PlainTable
          label="Features that changed"
          rows={result.features}
          rowKey={({ name }) => name}
          maxHeight={280}
          columns={[
            {
              title: 'Feature that changed',
              sort: ({ name }) => name,
              renderCell: ({ name }) => <span className="cell-name">{name}</span>,
            },
            { title: 'Was', number: true, renderCell: ({ before }) => before },
            { title: 'Would be', number: true, renderCell: ({ after }) => after },
          ]}
        />
      )}
      <NeighbourTable model={model} row={row} onPick={onPick} />
    </div>
  );
}

function ChangeField({
  column,
  changes,
  onChange,
}: {
  column: CustomerColumn;
  changes: Changes;
  onChange: (value: CustomerColumn['value']) => void;
}) {
  const { name, description, unit, kind, levels = [], integer, min, max } = column;
  const value = name in changes ? (changes[name] ?? null) : column.value;
  const className = name in changes ? 'changed-field' : '';
  const label = unit && unit !== 'count' && unit !== 'share' ? `${description} (${unit})` : description;
  if (kind === 'category') {
    return (
      <NativeSelect
        className={className}
        label={label}
        value={value === null ? '' : String(value)}
        data={[{ value: '', label: 'not known' }, ...levels]}
        onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
      />
    );
  }
  if (kind === 'date') {
    return (
      <TextInput
        type="date"
        className={className}
        label={label}
        value={value === null ? '' : String(value).slice(0, 10)}
        onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
      />
    );
  }
  const step = integer ? 1 : Math.max(0.01, Number((((max ?? 1) - (min ?? 0)) / 100).toPrecision(1)));
  return (
    <NumberInput
      className={className}
      label={label}
      value={typeof value === 'number' ? Number(value.toPrecision(6)) : ''}
      step={step}
      allowDecimal={!integer}
      onChange={(next) => onChange(typeof next === 'number' ? next : null)}
    />
  );
}
