import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { Condition } from '../../../core/jobs/explanation-contract.ts';
import { formatInteger } from '../../format.ts';
import { useStudy } from '../../studio-context.ts';

/** Who is on show: a range of the score and of one raw column, or one of its levels. A drag over the scores does the same. */
export function SelectionForm({
  conditions,
  onChange,
  customers,
}: {
  conditions: readonly Condition[];
  onChange: (conditions: readonly Condition[]) => void;
  customers: number | undefined;
}) {
  const columns = useStudy((state) => state.dataset?.columns ?? noColumns);
  const open = columns.filter(
    ({ role, kind }) => (role === 'feature' || role === 'sensitive') && kind !== 'text' && kind !== 'date',
  );
  const score = conditions.find(({ column }) => column === 'propensity');
  const other = conditions.find(({ column }) => column !== 'propensity');
  const [chosen, setChosen] = useState('');
  const name = other?.column ?? chosen;
  const column = open.find((each) => each.name === name);
  const change = (next: Condition | undefined, of: string) => {
    const isEmpty = next && next.atLeast === undefined && next.atMost === undefined && next.values === undefined;
    const kept = conditions.filter((each) => (of === 'propensity' ? each.column !== of : each.column === 'propensity'));
    onChange(next && !isEmpty ? [...kept, next] : kept);
  };
  return (
    <section className="row end" aria-label="Which customers are shown">
      <Range label="Score" of={score} column="propensity" step={0.05} onChange={(next) => change(next, 'propensity')} />
      <NativeSelect
        label="And column"
        value={name}
        data={[
          { value: '', label: 'any' },
          ...open.map((each) => ({ value: each.name, label: each.description || each.name })),
        ]}
        onChange={(event) => {
          setChosen(event.currentTarget.value);
          change(undefined, 'other');
        }}
        style={{ maxWidth: 260 }}
      />
      {column?.kind === 'number' && (
        <Range label={column.name} of={other} column={column.name} onChange={(next) => change(next, 'other')} />
      )}
      {column?.kind === 'category' && (
        <NativeSelect
          label="Is"
          value={other?.values?.[0] ?? ''}
          data={[{ value: '', label: 'any' }, ...column.histogram.map(({ label }) => ({ value: label, label }))]}
          onChange={({ currentTarget: { value } }) =>
            change(value === '' ? undefined : { column: column.name, values: [value] }, 'other')
          }
        />
      )}
      {conditions.length > 0 && (
        <Button variant="default" onClick={() => onChange([])}>
          Show everybody
        </Button>
      )}
      <span className="muted small" role="status" style={{ paddingBottom: 8 }}>
        {customers === undefined ? '' : `${formatInteger(customers)} shown`}
      </span>
    </section>
  );
}

const noColumns: readonly never[] = [];

function Range({
  label,
  of,
  column,
  step,
  onChange,
}: {
  label: string;
  of: Condition | undefined;
  column: string;
  step?: number;
  onChange: (condition: Condition) => void;
}) {
  const set = (end: 'atLeast' | 'atMost', value: number | string) => {
    const { [end]: _, ...kept } = of ?? { column };
    onChange({ ...kept, column, ...(typeof value === 'number' ? { [end]: value } : {}) });
  };
  const common = {
    className: 'range-field',
    hideControls: true,
    ...(step === undefined ? {} : { step }),
    decimalScale: 3,
  };
  return (
    <>
      <NumberInput
        {...common}
        label={`${label} from`}
        value={of?.atLeast ?? ''}
        onChange={(value) => set('atLeast', value)}
      />
      <NumberInput
        {...common}
        label={`${label} to`}
        value={of?.atMost ?? ''}
        onChange={(value) => set('atMost', value)}
      />
    </>
  );
}
