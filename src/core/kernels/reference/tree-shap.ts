import type { ProgramColumn } from '../tree-program.ts';
import type { StageColumn } from '../tree-scoring.ts';
import type { ShapGroup, ShapLeaf, ShapTest, TreeShapKernel } from '../tree-shap.ts';

const stripRows = 1024;

/** The TypeScript twin of src/wasm/tree-shap.ts: the same patterns, entries and sums, operation by operation. */
export function createTreeShapReference(
  columns: readonly ProgramColumn[],
  featureCount: number,
  batches: readonly (readonly ShapGroup[])[],
): TreeShapKernel {
  const sets = columns.map((column) => (column.kind === 'sets' ? column.sets.map((set) => new Set(set)) : []));
  const staged = columns.map((column) =>
    column.kind === 'sets' ? new Uint16Array(stripRows) : new Float64Array(stripRows),
  );
  const goesRight = ({ column: index, test, missingRight }: ShapTest, row: number): boolean => {
    const column = columns[index] as ProgramColumn;
    const value = (staged[index] as Float64Array | Uint16Array)[row] as number;
    if (column.kind === 'sets') return !(sets[index] as readonly Set<number>[])[test]?.has(value);
    if (value !== value && !column.missingIsZero) return missingRight;
    return (value !== value ? 0 : value) > (column.thresholds[test] as number);
  };
  const patternOf = ({ bits }: ShapGroup, row: number): number => {
    let pattern = 0;
    bits.forEach((terms, bit) => {
      if (terms.every((term) => goesRight(term, row) === term.isRight)) pattern |= 1 << bit;
    });
    return pattern;
  };
  return {
    stripRows,
    close() {},
    *attribute(count, first, allRows, stage: StageColumn, out) {
      staged.forEach((into, column) => stage(column, first, first + count, into));
      const values = new Float64Array(featureCount * count);
      for (const groups of batches) {
        for (const group of groups) {
          const entries = new Map<number, Float64Array>();
          for (let row = 0; row < count; row++) {
            const pattern = patternOf(group, row);
            const entry = entries.get(pattern) ?? entryOf(group, pattern);
            entries.set(pattern, entry);
            group.features.forEach((feature, slot) => {
              values[feature * count + row]! += entry[slot] as number;
            });
          }
        }
        yield;
      }
      for (let feature = 0; feature < featureCount; feature++) {
        out.set(values.subarray(feature * count, (feature + 1) * count), feature * allRows + first);
      }
    },
  };
}

/** The attributions of the group's leaves for rows of one pattern, in the order of its features. */
export function entryOf({ features, leaves }: ShapGroup, pattern: number): Float64Array {
  const entry = new Float64Array(features.length);
  for (const leaf of leaves) addLeaf(leaf, pattern, entry);
  return entry;
}

function addLeaf({ features, nodes, numbers }: ShapLeaf, pattern: number, entry: Float64Array): void {
  const product = numbers.slice(0, nodes);
  const goes = features.map(({ care, want }) => ((pattern & care) === want ? 1 : 0));
  goes.forEach((is, j) => {
    const from = nodes * (1 + 4 * j + is);
    for (let q = 0; q < nodes; q++) product[q]! *= numbers[from + q] as number;
  });
  features.forEach(({ slot }, j) => {
    const from = nodes * (3 + 4 * j + (goes[j] as number));
    let even = 0;
    let odd = 0;
    for (let q = 0; q < nodes; q += 2) {
      even += (product[q] as number) * (numbers[from + q] as number);
      odd += (product[q + 1] as number) * (numbers[from + q + 1] as number);
    }
    entry[slot]! += even + odd;
  });
}
