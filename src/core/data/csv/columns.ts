import { parseDate } from '../dates.ts';
import type { Allocate, Column } from '../frame.ts';
import { parseNumber } from '../numbers.ts';
import type { CellBatch } from './cells.ts';
import { cellText, isMissing, trimEnd, trimStart } from './cells.ts';
import type { ColumnPlan, Tally } from './infer.ts';
import { createTally, tallyCell } from './infer.ts';
import { TextBuilder } from './text-column.ts';

/** Takes a column's cells batch by batch and gives the column in the end. */
export interface ColumnBuilder {
  readonly tally: Tally;
  /** The first cells that did not fit the column's type. */
  readonly misfits: readonly Misfit[];
  push(batch: CellBatch, column: number): void;
  finish(name: string, allocate: Allocate): Column;
}

export interface Misfit {
  readonly fileRow: number;
  readonly text: string;
}

/** Which kind the finished column gets where text may be a category: fixed, or told by its distinct values. */
export type TextKind = 'category' | 'text' | 'by-values';

export function createBuilder(plan: ColumnPlan, textKind: TextKind, decimal: number): ColumnBuilder {
  return plan.kind === 'text' ? new TextBuilder(textKind) : new ValueBuilder(plan.kind, plan.dayFirst, decimal);
}

/** Numbers and dates: one double per row. */
class ValueBuilder implements ColumnBuilder {
  readonly tally = createTally();
  readonly misfits: Misfit[] = [];
  private values = new Float64Array(4096);
  private count = 0;
  private readonly kind: 'number' | 'date';
  private readonly dayFirst: boolean;
  private readonly decimal: number;

  constructor(kind: 'number' | 'date', dayFirst: boolean, decimal: number) {
    this.kind = kind;
    this.dayFirst = dayFirst;
    this.decimal = decimal;
  }

  push(batch: CellBatch, column: number): void {
    const { bytes, starts, ends, width, rowCount } = batch;
    if (this.count + rowCount > this.values.length) {
      const larger = new Float64Array(Math.max(this.count + rowCount, 2 * this.values.length));
      larger.set(this.values);
      this.values = larger;
    }
    const { values, count, decimal, tally } = this;
    const isNumber = this.kind === 'number';
    let numbers = 0;
    for (let row = 0, cell = column; row < rowCount; row++, cell += width) {
      const from = trimStart(bytes, starts[cell] as number, ends[cell] as number);
      const to = trimEnd(bytes, from, ends[cell] as number);
      const value = isNumber ? parseNumber(bytes, from, to, decimal) : parseDate(bytes, from, to, this.dayFirst);
      values[count + row] = value;
      if (isNumber && value === value) {
        numbers++;
        continue;
      }
      tallyCell(tally, bytes, from, to, decimal);
      if (value !== value && this.misfits.length < 5 && !isMissing(bytes, from, to)) {
        this.misfits.push({
          fileRow: batch.fileRows[row] as number,
          text: cellText(bytes, from, Math.min(to, from + 80)),
        });
      }
    }
    tally.number += numbers;
    this.count += rowCount;
  }

  finish(name: string, allocate: Allocate): Column {
    const values = new Float64Array(allocate(this.count * 8), 0, this.count);
    values.set(this.values.subarray(0, this.count));
    this.values = new Float64Array(0);
    return this.kind === 'number' ? { kind: 'number', name, values } : { kind: 'date', name, days: values };
  }
}
