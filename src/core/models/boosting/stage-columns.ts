import type { StageColumn } from '../../kernels/tree-scoring.ts';
import type { CompiledTrees, ReadColumn } from './compile-trees.ts';
import { zeroThreshold } from './decision.ts';
import type { ModelColumn } from './model-columns.ts';

/** Hands a frame's columns to the kernel as `compiled` reads them: numbers as they are, categories by slot. */
export function stageColumns({ columns }: CompiledTrees, features: readonly ModelColumn[]): StageColumn {
  const stages = columns.map((read) => stageColumn(read, features[read.feature] as ModelColumn));
  return (column, from, to, into) => (stages[column] as Stage)(from, to, into);
}

type Stage = (from: number, to: number, into: Float64Array | Uint16Array) => void;

function stageColumn({ reading, slotOf }: ReadColumn, column: ModelColumn): Stage {
  if (reading === 'category') return stageSlots(slotOf, column);
  if (column.kind === 'category') {
    const { codes, numbers } = column;
    const values = reading === 'zero' ? numbers.map(zeroToMissing) : numbers;
    return (from, to, into) => {
      for (let row = from; row < to; row++) into[row - from] = values[(codes[row] as number) + 1] as number;
    };
  }
  const { values } = column;
  if (reading === 'zero') {
    return (from, to, into) => {
      for (let row = from; row < to; row++) into[row - from] = zeroToMissing(values[row] as number);
    };
  }
  return (from, to, into) => into.set(values.subarray(from, to));
}

/** Categories are whole numbers from 0, truncated towards zero; missing, negative and unknown ones are in no set: slot 0. */
function stageSlots(slotOf: Uint16Array, column: ModelColumn): Stage {
  const slot = (value: number) => slotOf[Math.trunc(value)] ?? 0;
  if (column.kind === 'category') {
    const { codes } = column;
    const slots = Uint16Array.from(column.numbers, slot);
    return (from, to, into) => {
      for (let row = from; row < to; row++) into[row - from] = slots[(codes[row] as number) + 1] as number;
    };
  }
  const { values } = column;
  return (from, to, into) => {
    for (let row = from; row < to; row++) into[row - from] = slot(values[row] as number);
  };
}

function zeroToMissing(value: number): number {
  return value >= -zeroThreshold && value <= zeroThreshold ? Number.NaN : value;
}
