import { chooseDecimal, planOfKind, tallyBatch } from '../../data/csv/infer.ts';
import { readSample } from '../../data/csv/sample.ts';

/** How a delimited file is laid out: told from its beginning, and the same for every piece of it. */
export interface CsvLayout {
  readonly header: readonly string[];
  /** Bytes. */
  readonly delimiter: number;
  readonly decimal: number;
  /** Records before the header that are no data. */
  readonly skipRecords: number;
  /** By column: whether its dates begin with the day. */
  readonly dayFirst: readonly boolean[];
}

/** Most of a file that its layout is told from. */
export const headBytes = 1 << 18;

/** The layout of a file that begins with `head`, UTF-8 without a byte-order mark. */
export async function readLayout(head: Blob, delimiter: string, skipRecords: number): Promise<CsvLayout> {
  const sample = await readSample(head, 'utf-8', delimiter.charCodeAt(0), skipRecords, headBytes);
  const decimal = chooseDecimal(sample.batch, sample.delimiter);
  const dayFirstHabit = decimal === 44 || delimiter === ';';
  return {
    header: sample.header.names,
    delimiter: sample.delimiter,
    decimal,
    skipRecords,
    dayFirst: tallyBatch(sample.batch, decimal).map((tally) => planOfKind('date', tally, dayFirstHabit).dayFirst),
  };
}
