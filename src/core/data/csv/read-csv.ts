import type { Checkpoint } from '../../shared/checkpoint.ts';
import { noCheckpoint } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import type { DataFinding } from '../findings.ts';
import type { Allocate, Frame } from '../frame.ts';
import { allocatePlain, createFrame } from '../frame.ts';
import type { ColumnKind } from '../schema.ts';
import { columnFindings, fileFindings } from './csv-findings.ts';
import type { Encoding } from './encoding.ts';
import { chooseEncoding } from './encoding.ts';
import { refuseForeignContent } from './foreign-content.ts';
import type { ColumnPlan } from './infer.ts';
import { chooseDecimal, planColumn, planOfKind, tallyBatch } from './infer.ts';
import type { RowCounts } from './pass.ts';
import { readPass } from './pass.ts';
import { readSample } from './sample.ts';

export interface CsvOptions {
  /** One ASCII character. */
  readonly delimiter: string;
  /** Records before the header that are no data (`sep=;`). */
  readonly skipRecords?: number;
  /** Kinds known beforehand, by column name: such a column is never guessed. */
  readonly kinds?: ReadonlyMap<string, ColumnKind>;
  readonly checkpoint?: Checkpoint;
  readonly allocate?: Allocate;
  readonly chunkBytes?: number;
}

export interface CsvTable {
  readonly frame: Frame;
  readonly findings: readonly DataFinding[];
  /** read = kept + rejected + blank. */
  readonly rows: RowCounts;
  readonly encoding: Encoding;
}

const sampleBytes = 1 << 18;

/**
 * Reads delimited text into typed columns: one pass over the file, with types guessed from its first 256 kB; a second
 * pass where a later row shows that a guess was too narrow. The result does not depend on the chunk size.
 */
export async function readCsv(file: Blob, options: CsvOptions): Promise<CsvTable> {
  const { delimiter, skipRecords = 0, kinds, checkpoint = noCheckpoint, allocate = allocatePlain } = options;
  const chunkBytes = options.chunkBytes ?? 1 << 21;
  const head = new Uint8Array(await file.slice(0, sampleBytes).arrayBuffer());
  if (head.length === 0)
    throw new StudioError('data.empty', 'The file is empty (0 bytes).', {
      fix: 'Choose a file with a header row and customers.',
    });
  refuseForeignContent(head);
  let encoding = await chooseEncoding(file, head);
  for (;;) {
    const sample = await readSample(file, encoding, delimiter.charCodeAt(0), skipRecords, sampleBytes);
    const { header } = sample;
    const decimal = chooseDecimal(sample.batch, sample.delimiter);
    const dayFirstHabit = decimal === 44 || delimiter === ';';
    let plans = tallyBatch(sample.batch, decimal).map((tally, column): ColumnPlan => {
      const kind = kinds?.get(header.names[column] as string);
      return kind ? planOfKind(kind, tally, dayFirstHabit) : planColumn(tally, dayFirstHabit);
    });
    const source = { file, encoding, delimiter: sample.delimiter, skipRecords, chunkBytes, width: header.names.length };
    const read = () =>
      readPass(
        source,
        plans,
        header.names.map((name) => textKind(kinds?.get(name))),
        decimal,
        checkpoint,
      );
    let pass = await read();
    if (pass === 'broken-encoding') {
      encoding = await chooseEncoding(file, head, true);
      continue;
    }
    const better = pass.builders.map((builder, column): ColumnPlan => {
      const plan = plans[column] as ColumnPlan;
      if (plan.kind === 'text') return plan;
      const kind = kinds?.get(header.names[column] as string);
      return kind ? planOfKind(kind, builder.tally, dayFirstHabit) : planColumn(builder.tally, dayFirstHabit);
    });
    if (better.some((plan, column) => isDifferent(plan, plans[column] as ColumnPlan))) {
      plans = better;
      pass = await read();
      if (pass === 'broken-encoding') throw new StudioError('data.encoding', 'The file changed while it was read.');
    }
    const { builders, counts, rejected, strayQuotes } = pass;
    if (counts.kept === 0) {
      throw new StudioError('data.empty', 'The file has a header but no rows.', {
        where: { row: 2 },
        fix: 'Add at least one customer below the header.',
      });
    }
    const findings = [
      ...header.findings,
      ...fileFindings(encoding, counts, rejected, strayQuotes, header.names.length),
      ...builders.flatMap((builder, column) =>
        columnFindings(header.names[column] as string, plans[column] as ColumnPlan, builder),
      ),
    ];
    const columns = builders.map((builder, column) => builder.finish(header.names[column] as string, allocate));
    return { frame: createFrame(columns, counts.kept), findings, rows: counts, encoding };
  }
}

function textKind(kind: ColumnKind | undefined): 'category' | 'text' | 'by-values' {
  return kind === 'category' || kind === 'text' ? kind : 'by-values';
}

function isDifferent(one: ColumnPlan, other: ColumnPlan): boolean {
  return one.kind !== other.kind || (one.kind === 'date' && one.dayFirst !== other.dayFirst);
}
