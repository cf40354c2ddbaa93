import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { DatasetSummary } from '../../../core/jobs/study-contract.ts';
import { useActions } from '../../studio-context.ts';
import { choiceOf } from './role-choice.ts';

/** Dates become ages only from a day that the table brings or a person says; never from today's clock. */
export function SnapshotForm({ dataset }: { dataset: DatasetSummary }) {
  const { assignRoles } = useActions();
  const [day, setDay] = useState('');
  return (
    <form
      className="sheet stack close"
      onSubmit={(event) => {
        event.preventDefault();
        void assignRoles({ ...choiceOf(dataset, {}), asOf: day });
      }}
    >
      <h2 className="section-title">On which day was this table taken?</h2>
      <div className="row end">
        <TextInput
          type="date"
          label="Snapshot day"
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <Button type="submit" disabled={day === ''}>
          Count dates from this day
        </Button>
      </div>
      <p className="muted small">
        Dates are read as days before it. Dates after it would give the future away and are reported.
      </p>
    </form>
  );
}
