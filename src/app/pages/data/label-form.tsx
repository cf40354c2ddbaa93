import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { DatasetSummary } from '../../../core/jobs/study-contract.ts';
import { useParam } from '../../shell/view.ts';
import { useActions } from '../../studio-context.ts';
import { choiceOf } from './role-choice.ts';

/** Asks which column says who converted, and by which value. */
export function LabelForm({ dataset }: { dataset: DatasetSummary }) {
  const { assignRoles } = useActions();
  const [column, setColumn] = useState(dataset.labelCandidates[0]?.column ?? '');
  const candidate = dataset.labelCandidates.find((each) => each.column === column);
  const [positive, setPositive] = useState(candidate?.positive ?? '');
  const place = useRef<HTMLSelectElement>(null);
  const [ask, setAsk] = useParam('ask', '');
  // "Run everything" cannot begin without an answer and leads here.
  const isAsked = ask === 'label';
  useEffect(() => {
    if (isAsked) place.current?.focus();
  }, [isAsked]);
  const others = dataset.columns.filter((each) => !dataset.labelCandidates.some((known) => known.column === each.name));
  return (
    <form
      className="sheet stack close"
      onSubmit={(event) => {
        event.preventDefault();
        setAsk('');
        void assignRoles({ ...choiceOf(dataset, { [column]: 'label' }), label: { column, positive } });
      }}
    >
      <h2 className="section-title">Which column says who converted?</h2>
      {isAsked && (
        <p role="status">Nothing can be trained before this is known. Say it, then press "Run everything".</p>
      )}
      <div className="row end">
        <NativeSelect
          ref={place}
          label="Label"
          value={column}
          onChange={(event) => {
            const name = event.currentTarget.value;
            setColumn(name);
            setPositive(dataset.labelCandidates.find((each) => each.column === name)?.positive ?? '');
          }}
          data={[
            { value: '', label: 'Choose a column' },
            ...dataset.labelCandidates.map((each) => each.column),
            ...others.map((each) => each.name),
          ]}
        />
        {candidate ? (
          <NativeSelect
            label="Value that means yes"
            value={positive}
            onChange={(event) => setPositive(event.currentTarget.value)}
            data={[...candidate.values]}
          />
        ) : (
          <TextInput
            label="Value that means yes"
            value={positive}
            onChange={(event) => setPositive(event.currentTarget.value)}
          />
        )}
        <Button type="submit" disabled={column === '' || positive === ''}>
          Use this label
        </Button>
      </div>
      <p className="muted small">Rows with an empty label are customers to score; they are never counted as "no".</p>
    </form>
  );
}
