import { ActionIcon, Button, NativeSelect, NumberInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { ColumnProfile, Exclusion } from '../../../core/jobs/study-contract.ts';
import { useActions, useStudy } from '../../studio-context.ts';

const none: readonly ColumnProfile[] = [];

/** Who must not be contacted, by any column: no consent, contacted lately. */
export function ExclusionsForm() {
  const exclusions = useStudy((state) => state.spec.decision.exclusions);
  const columns = useStudy((state) => state.dataset?.columns ?? none);
  const { changeDecision } = useActions();
  const set = (next: readonly Exclusion[]) => changeDecision({ exclusions: next });
  return (
    <section className="sheet stack close">
      <h2 className="section-title">Leave out</h2>
      {exclusions.length === 0 && (
        <p className="muted small">Nobody is left out. Add a column such as consent or days since the last contact.</p>
      )}
      {exclusions.map((exclusion, i) => (
        <div key={exclusion.column} className="row apart">
          <span className="small">
            <strong>{exclusion.column}</strong> {words(exclusion)}
          </span>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Do not leave out by ${exclusion.column}`}
            onClick={() => set(exclusions.filter((_, k) => k !== i))}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <AddExclusion
        columns={columns.filter(
          (column) => column.kind !== 'text' && !exclusions.some((each) => each.column === column.name),
        )}
        onAdd={(exclusion) => set([...exclusions, exclusion])}
      />
    </section>
  );
}

function AddExclusion({
  columns,
  onAdd,
}: {
  columns: readonly ColumnProfile[];
  onAdd: (exclusion: Exclusion) => void;
}) {
  const [name, setName] = useState('');
  const [level, setLevel] = useState('');
  const [from, setFrom] = useState<number | string>('');
  const [to, setTo] = useState<number | string>('');
  const column = columns.find((each) => each.name === name);
  const isCategory = column?.kind === 'category';
  const exclusion: Exclusion | undefined = !column
    ? undefined
    : isCategory
      ? level === ''
        ? undefined
        : { column: name, values: [level] }
      : from === '' && to === ''
        ? undefined
        : {
            column: name,
            ...(typeof from === 'number' ? { atLeast: from } : {}),
            ...(typeof to === 'number' ? { atMost: to } : {}),
          };
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (!exclusion) return;
        onAdd(exclusion);
        setName('');
        setLevel('');
        setFrom('');
        setTo('');
      }}
    >
      <NativeSelect
        size="xs"
        label="Column"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data={[{ value: '', label: 'Choose a column' }, ...columns.map((each) => each.name)]}
      />
      {column && isCategory && (
        <NativeSelect
          size="xs"
          label="Value to leave out"
          value={level}
          onChange={(event) => setLevel(event.currentTarget.value)}
          data={[{ value: '', label: 'Choose a value' }, ...column.histogram.map((bin) => bin.label)]}
        />
      )}
      {column && !isCategory && (
        <div className="row" style={{ flexWrap: 'nowrap' }}>
          <NumberInput size="xs" label="From" value={from} onChange={setFrom} />
          <NumberInput size="xs" label="To" value={to} onChange={setTo} />
        </div>
      )}
      <div>
        <Button type="submit" size="compact-sm" variant="default" disabled={!exclusion}>
          Leave these out
        </Button>
      </div>
    </form>
  );
}

function words({ values, atLeast, atMost }: Exclusion): string {
  if (values) return `is ${values.join(' or ')}`;
  if (atLeast !== undefined && atMost !== undefined) return `from ${atLeast} to ${atMost}`;
  return atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
}
