import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Column, createFrame, type Frame } from '../../src/core/data/frame.ts';
import type { BoostingModel } from '../../src/core/models/boosting/boosting-model.ts';
import type { TableFacts } from './job.ts';

export interface BenchTable extends TableFacts {
  readonly features: Frame;
  readonly labels: Int8Array;
}

/** A made table, its columns as the studio holds them. */
export function readTable(folder: string): BenchTable {
  const facts = JSON.parse(readFileSync(join(folder, 'table.json'), 'utf8')) as TableFacts;
  const bytes = readFileSync(join(folder, 'columns.f64'));
  const all = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  const columns = facts.levels.map((levels, index): Column => {
    const values = all.subarray(index * facts.rows, (index + 1) * facts.rows);
    const name = `x${index}`;
    if (levels === 0) return { kind: 'number', name, values };
    const codes = Int32Array.from(values, (value) => (value === value ? value : -1));
    return { kind: 'category', name, codes, levels: Array.from({ length: levels }, (_, level) => String(level)) };
  });
  return { ...facts, features: createFrame(columns), labels: new Int8Array(readFileSync(join(folder, 'labels.i8'))) };
}

/** The table as a model read from LightGBM's file names it: Column_0 …, categories as whole numbers. */
export function underModelNames({ columns }: Frame, { features }: BoostingModel): Frame {
  return createFrame(
    columns.map((column, index) => {
      const name = features[index]?.name ?? '';
      if (column.kind === 'category') return { kind: 'number', name, values: Float64Array.from(column.codes) };
      return { ...column, name };
    }),
  );
}
