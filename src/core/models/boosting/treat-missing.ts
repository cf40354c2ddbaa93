import { createFrame } from '../../data/frame.ts';
import type { TrainingInput } from '../model.ts';
import type { BoostingParameters } from './boosting-parameters.ts';
import { missingNaN, missingZero, zeroThreshold } from './decision.ts';

type MissingParameters = Pick<BoostingParameters, 'use_missing' | 'zero_as_missing'>;

/** The missing type that numeric nodes carry: 0 (None) reads a missing number as 0. */
export function missingTypeOf({ use_missing, zero_as_missing }: MissingParameters): number {
  return zero_as_missing ? missingZero : use_missing ? missingNaN : 0;
}

/**
 * The input as bins see it: with `zero_as_missing` zeros are missing too, without `use_missing` missing is zero. Trees
 * then say so in their decisions, so that scoring needs no such step.
 */
export function treatMissing(input: TrainingInput, { use_missing, zero_as_missing }: MissingParameters): TrainingInput {
  if (use_missing && !zero_as_missing) return input;
  const treat = use_missing
    ? (value: number) => (value >= -zeroThreshold && value <= zeroThreshold ? Number.NaN : value)
    : (value: number) => (Number.isNaN(value) ? 0 : value);
  const columns = input.features.columns.map((column) =>
    column.kind === 'number' ? { ...column, values: column.values.map(treat) } : column,
  );
  return { ...input, features: createFrame(columns, input.features.rowCount) };
}
