import { Dictionary } from './csv/dictionary.ts';
import type { Column } from './frame.ts';

/** One code per row of an id column, equal where the ids are equal; -1 where there is no id. For `splitRows`. */
export function groupCodes(column: Column): Int32Array {
  switch (column.kind) {
    case 'category':
      return column.codes;
    case 'text': {
      const dictionary = new Dictionary();
      return Int32Array.from({ length: column.offsets.length - 1 }, (_, row) => {
        const from = column.offsets[row] as number;
        const to = column.offsets[row + 1] as number;
        return from === to ? -1 : dictionary.codeOf(column.bytes, from, to);
      });
    }
    case 'number':
      return codeNumbers(column.values);
    case 'date':
      return codeNumbers(column.days);
  }
}

function codeNumbers(values: Float64Array): Int32Array {
  const codes = new Map<number, number>();
  return Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return -1;
    const known = codes.get(value);
    if (known !== undefined) return known;
    codes.set(value, codes.size);
    return codes.size - 1;
  });
}
