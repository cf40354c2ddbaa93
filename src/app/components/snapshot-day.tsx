import { TextInput } from '@mantine/core';

/** Asks on which day a table was taken. Left empty, its own snapshot column or the model's day counts. */
export function SnapshotDay({ day, onChange }: { day: string; onChange: (day: string) => void }) {
  return (
    <TextInput
      type="date"
      label="Taken on (if it has dates)"
      style={{ textAlign: 'left' }}
      value={day}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** The day as the jobs want it: days since 1970-01-01. */
export function snapshotDay(day: string): { readonly asOf?: number } {
  const milliseconds = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(milliseconds) ? {} : { asOf: milliseconds / 86_400_000 };
}
