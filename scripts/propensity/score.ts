import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CsvStream, openCsvStream } from '../../src/adapters/any/csv-stream.ts';
import { type BatchOutcome, scoreBatch } from '../../src/core/scoring/batch/batch.ts';
import { guardFormula } from '../../src/core/data/csv/formula.ts';
import { parseDay } from '../../src/core/data/dates.ts';
import { referenceKernels } from '../../src/core/kernels/kernels.ts';
import { importanceOf } from '../../src/core/models/catalogue.ts';
import { type BatchFigures, batchFigures, batchReport } from '../../src/core/reports/batch-report.ts';
import { reportHtml } from '../../src/core/reports/html-report.ts';
import type { BatchModel } from '../../src/core/scoring/batch/batch-model.ts';
import type { Checkpoint } from '../../src/core/shared/checkpoint.ts';
import { StudioError } from '../../src/core/shared/errors.ts';
import { type Command, required, wholeNumber } from './command.ts';
import { type LaneSetup, startLane } from './lanes.ts';
import { openBatchModel } from './open-model.ts';
import { openOutputFolder, type OutputFolder } from './output-folder.ts';
import { createProgress } from './progress.ts';

export const command: Command = {
  usage: `npm run propensity -- score --input FILE --output DIR --model BUNDLE.zip|model.txt
  --input    CSV or CSV.gz with the model's columns by name, in any order
  --output   folder for scores.csv, problems.csv, report.html and its tables; they appear when all is done
  --model    a bundle, or a LightGBM model.txt whose features the input holds by name
  --as-of    the day the table was taken (YYYY-MM-DD); the study's own by default
  --workers  threads that score (one per core)
  --quiet    no progress`,
  async run(args, signal) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        input: { type: 'string' },
        output: { type: 'string' },
        model: { type: 'string' },
        'as-of': { type: 'string' },
        workers: { type: 'string', default: String(Math.min(16, availableParallelism())) },
        quiet: { type: 'boolean', default: false },
      },
    });
    await scoreFile(
      {
        input: required(values.input, 'input'),
        output: required(values.output, 'output'),
        model: required(values.model, 'model'),
        asOf: values['as-of'] === undefined ? undefined : parseDay(values['as-of']),
        workers: wholeNumber(values.workers, 'workers', 1, 256),
      },
      signal,
      values.quiet,
    );
  },
};

export interface ScoreRequest {
  readonly input: string;
  readonly output: string;
  readonly model: string;
  readonly asOf: number | undefined;
  readonly workers: number;
}

/** Scores a file into a folder, whole or not at all. */
export async function scoreFile(request: ScoreRequest, signal: AbortSignal, quiet: boolean): Promise<void> {
  const { input, output, model } = request;
  const [file, modelBytes] = await Promise.all([openFile(input), readFile(model).catch(notThere(model))]);
  const folder = await openOutputFolder(output);
  const { checkpoint, end } = createProgress(signal, quiet);
  try {
    const scored = await scoreCsv(file, { ...request, modelBytes }, folder, checkpoint);
    await writeResults(scored, request, folder);
    await folder.publish();
    end();
    console.error(told(scored.outcome, output));
  } catch (error) {
    end();
    await folder.discard();
    throw error;
  }
}

type Scoring = ScoreRequest & { readonly modelBytes: Uint8Array };

interface Scored {
  readonly outcome: BatchOutcome;
  readonly model: BatchModel;
}

async function scoreCsv(file: Blob, request: Scoring, folder: OutputFolder, checkpoint: Checkpoint): Promise<Scored> {
  const write = await folder.stream('scores.csv');
  try {
    return await run(await openCsvStream(file), request, write.append, checkpoint);
  } catch (error) {
    // A file that only begins as UTF-8 is read again as what it is.
    if (!(error instanceof StudioError) || error.code !== 'data.encoding') throw error;
    await write.restart();
    return run(await openCsvStream(file, { doubtful: true }), request, write.append, checkpoint);
  }
}

async function run(
  stream: CsvStream,
  { modelBytes, model: path, asOf, workers }: Scoring,
  write: (bytes: Uint8Array) => Promise<void>,
  checkpoint: Checkpoint,
): Promise<Scored> {
  const { layout } = stream;
  const name = basename(path);
  // Refuses here, before any thread starts, what each of them would refuse.
  const model = openBatchModel(modelBytes, name, layout.header, referenceKernels, asOf);
  const setup: LaneSetup = { model: modelBytes, name, layout, asOf };
  const lanes = Array.from({ length: workers }, () => startLane(setup));
  try {
    const outcome = await scoreBatch({
      chunks: stream.chunks,
      checkUtf8: stream.checkUtf8,
      delimiter: layout.delimiter,
      lanes: lanes.map(({ lane }) => lane),
      write,
      taken: stream.taken,
      checkpoint,
    });
    return { outcome, model };
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

/** Problems row by row, the figures, and the report on them; the batch before is what `summary.json` still tells. */
async function writeResults(
  { outcome, model }: Scored,
  { input, output }: ScoreRequest,
  folder: OutputFolder,
): Promise<void> {
  const figures = batchFigures(outcome, {
    input: basename(input),
    modelVersion: model.version,
    calibrated: model.calibrated,
    columns: model.reads.map(({ name }) => name),
  });
  const previous = await readFile(join(output, 'summary.json'), 'utf8').catch(() => undefined);
  const report = batchReport(
    figures,
    outcome,
    importanceOf(model.model),
    previous === undefined ? undefined : (JSON.parse(previous) as BatchFigures),
  );
  const csv = (rows: readonly (readonly (string | number)[])[]): string =>
    rows.map((row) => `${row.map(cell).join()}\n`).join('');
  await folder.add(
    'problems.csv',
    csv([
      ['row', 'column', 'problem', 'value'],
      ...outcome.problems.map(({ row, column, problem, value }) => [row, column, problem, value]),
    ]),
  );
  await folder.add(
    'deciles.csv',
    csv([
      ['decile', 'customers', 'lowest_score', 'expected_conversions'],
      ...figures.deciles.map((each) => [each.decile, each.customers, each.from, each.expectedConversions]),
    ]),
  );
  await folder.add(
    'bands.csv',
    csv([
      ['band', 'customers', 'expected_conversions'],
      ...figures.bands.map((each) => [each.name, each.customers, each.expectedConversions]),
    ]),
  );
  await folder.add(
    'prospects.csv',
    csv([
      ['customer_id', 'row', 'propensity_score', 'conversion_probability'],
      ...outcome.summary.top.map((each) => [each.id, each.row, each.propensity, each.probability]),
    ]),
  );
  await folder.add('report.html', reportHtml(report));
  await folder.add('summary.json', `${JSON.stringify(figures, null, 1)}\n`);
}

function cell(value: string | number): string {
  return typeof value === 'number' ? String(value) : `"${guardFormula(value).replaceAll('"', '""')}"`;
}

function told({ rows, problemCounts }: BatchOutcome, output: string): string {
  const count = (value: number): string => value.toLocaleString('en');
  const lines = [`${count(rows.kept)} customers scored: ${output}`];
  if (rows.rejected > 0) lines.push(`${count(rows.rejected)} rows rejected: their cells do not match the header.`);
  if (rows.blank > 0) lines.push(`${count(rows.blank)} empty rows left out.`);
  for (const { column, problem, rows: found } of problemCounts.filter(({ column }) => column !== ''))
    lines.push(`${column}: ${problem} in ${count(found)} rows.`);
  return lines.join('\n');
}

function openFile(path: string): Promise<Blob> {
  return openAsBlob(path).catch(notThere(path));
}

function notThere(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new StudioError('data.format', `${path} cannot be read.`, { where: { file: path }, cause });
  };
}
