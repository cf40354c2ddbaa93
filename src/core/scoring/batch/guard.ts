import { type CellBatch, isMissing, trimEnd, trimStart } from '../../data/csv/cells.ts';
import { classifyNumber } from '../../data/numbers.ts';

/** First bytes of cells that a spreadsheet runs as a formula: tab CR + - = @ and the first of the full-width ＝. */
const dangerous = new Uint8Array(256);
for (const byte of [9, 13, 43, 45, 61, 64, 0xef]) dangerous[byte] = 1;

/**
 * Tells `into` where an apostrophe must go before a cell that a spreadsheet would run as a formula. Numbers, identifiers
 * and signs of a missing value are left as they are, and so are the columns `safe`.
 */
export function findGuards(
  { bytes, starts, ends, width, rowCount }: Pick<CellBatch, 'bytes' | 'starts' | 'ends' | 'width' | 'rowCount'>,
  safe: ReadonlySet<number>,
  decimal: number,
  into: { guard(at: number): void },
): void {
  const columns = Uint32Array.from({ length: width }, (_, column) => column).filter((column) => !safe.has(column));
  for (let row = 0; row < rowCount; row++) {
    for (const column of columns) {
      const cell = row * width + column;
      const from = starts[cell] as number;
      if (dangerous[bytes[from] as number] === 0 || from >= (ends[cell] as number)) continue;
      if (isFormula(bytes, from, ends[cell] as number, decimal)) into.guard(from);
    }
  }
}

function isFormula(bytes: Uint8Array, from: number, to: number, decimal: number): boolean {
  if (bytes[from] === 0xef) return bytes[from + 1] === 0xbc && bytes[from + 2] === 0x9d;
  const first = trimStart(bytes, from, to);
  const end = trimEnd(bytes, first, to);
  return !isMissing(bytes, first, end) && classifyNumber(bytes, first, end, decimal) === 'none';
}
