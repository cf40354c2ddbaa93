import { Button, NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import type { DriftCourse, DriftKind } from '../../../core/monitoring/simulate.ts';
import { useStudio, useStudy } from '../../studio-context.ts';
import { simulate } from './monitor-store.ts';

const kinds: readonly {
  readonly value: DriftKind['kind'] | 'none';
  readonly label: string;
  readonly of?: 'number' | 'category';
}[] = [
  { value: 'none', label: 'no drift' },
  { value: 'covariate', label: 'other customers: more who are high in a column', of: 'number' },
  { value: 'prior', label: 'more customers convert' },
  { value: 'concept', label: 'customers behave otherwise' },
  { value: 'broken', label: 'a broken column: all 0', of: 'number' },
  { value: 'unit', label: 'another unit: values × 100', of: 'number' },
  { value: 'new-category', label: 'a new category', of: 'category' },
  { value: 'missing', label: 'a burst of missing values', of: 'number' },
];

const shapes = [
  { value: 'sudden', label: 'all at once' },
  { value: 'gradual', label: 'over four weeks' },
  { value: 'seasonal', label: 'up and down every four weeks' },
];

/** Twelve weeks drawn from the test customers, with drift from the fifth on: to see what each alert sees. */
export function SimulateForm() {
  const studio = useStudio();
  const columns = useStudy((state) => state.dataset?.columns ?? []);
  const seed = useStudy((state) => state.spec.seed);
  const [kind, setKind] = useState<DriftKind['kind'] | 'none'>('covariate');
  const [shape, setShape] = useState<DriftCourse['shape']>('sudden');
  const [column, setColumn] = useState<string | null>(null);
  const [customers, setCustomers] = useState(2000);
  const wanted = kinds.find(({ value }) => value === kind)?.of;
  const fitting = columns.filter((each) => each.role === 'feature' && each.kind === wanted).map(({ name }) => name);
  const chosen = column !== null && fitting.includes(column) ? column : fitting[0];
  const play = () =>
    simulate(
      {
        ...driftOf(kind, chosen),
        course: { shape, from: 4, over: 4, strength: 1 },
        weeks: 12,
        customersPerWeek: customers,
        seed,
      },
      studio,
    );
  return (
    <div className="stack close">
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <Select
          label="What happens"
          data={kinds.map(({ value, label }) => ({ value, label }))}
          value={kind}
          allowDeselect={false}
          onChange={(value) => setKind((value ?? 'none') as typeof kind)}
        />
        {wanted && (
          <Select
            label="Column"
            data={fitting}
            value={chosen ?? null}
            allowDeselect={false}
            searchable
            onChange={setColumn}
          />
        )}
        <Select
          label="How it comes"
          data={shapes}
          value={shape}
          allowDeselect={false}
          onChange={(value) => setShape((value ?? 'sudden') as DriftCourse['shape'])}
        />
        <NumberInput
          label="Customers a week"
          min={200}
          max={50_000}
          step={500}
          value={customers}
          onChange={(value) => setCustomers(Number(value) || 2000)}
        />
        <Button onClick={() => void play()}>Play twelve weeks</Button>
      </div>
      <p className="muted small">
        Weeks are drawn from the test customers, whose outcomes are known; drift begins with the fifth.
      </p>
    </div>
  );
}

function driftOf(kind: DriftKind['kind'] | 'none', column: string | undefined): { readonly drift?: DriftKind } {
  switch (kind) {
    case 'none':
      return {};
    case 'prior':
    case 'concept':
      return { drift: { kind } };
    default:
      return column === undefined ? {} : { drift: { kind, column } };
  }
}
