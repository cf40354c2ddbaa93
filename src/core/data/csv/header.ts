import { StudioError } from '../../shared/errors.ts';
import type { DataFinding } from '../findings.ts';
import { classifyNumber } from '../numbers.ts';
import { cellText, trimEnd, trimStart } from './cells.ts';
import { unguardedStart } from './formula.ts';
import { maxColumns } from './scanner.ts';

export interface Header {
  readonly names: readonly string[];
  readonly findings: readonly DataFinding[];
}

/** Column names from the cells of the header row. Two columns of one name are `data.header`: data are never renamed. */
export function readHeader(
  bytes: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
  count: number,
  row: number,
): Header {
  if (count > maxColumns) {
    throw new StudioError('data.too-large', `The table has more than ${maxColumns} columns.`, {
      where: { row },
      fix: 'Keep the columns that describe customers.',
    });
  }
  const names: string[] = [];
  const findings: DataFinding[] = [];
  const places = new Map<string, number>();
  let numbers = 0;
  for (let column = 0; column < count; column++) {
    const trimmed = trimStart(bytes, starts[column] as number, ends[column] as number);
    const to = trimEnd(bytes, trimmed, ends[column] as number);
    const from = unguardedStart(bytes, trimmed, to);
    if (classifyNumber(bytes, from, to) === 'number') numbers++;
    const given = cellText(bytes, from, to).normalize('NFC');
    const name = given === '' ? `Column ${column + 1}` : given;
    const earlier = places.get(name);
    if (earlier !== undefined) {
      throw new StudioError(
        'data.header',
        `Columns ${earlier + 1} and ${column + 1} are both called "${name.slice(0, 80)}".`,
        {
          where: { row, column: column + 1 },
          fix: 'Give each column its own name in the first row.',
        },
      );
    }
    places.set(name, column);
    names.push(name);
    if (given === '') {
      findings.push({
        level: 'info',
        title: `Column ${column + 1} has no name`,
        detail: `It is called "${name}" here.`,
        columns: [name],
      });
    }
  }
  if (numbers > 0 && numbers * 2 >= count) {
    findings.push({
      level: 'warning',
      title: 'The first row looks like data',
      detail: `${numbers} of ${count} column names are numbers. If the file has no header, add a first row of column names.`,
      columns: [],
    });
  }
  return { names, findings };
}
