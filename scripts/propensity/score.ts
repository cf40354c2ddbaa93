import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { type CsvStream, openCsvStream } from '../../src/adapters/any/csv-stream.ts';
import { type BatchOutcome, scoreBatch } from '../../src/core/scoring/batch/batch.ts';
import { parseDay } from '../../src/core/data/dates.ts';
import { referenceKernels } from '../../src/core/kernels/kernels.ts';
import type { Checkpoint } from '../../src/core/shared/checkpoint.ts';
import { StudioError } from '../../src/core/shared/errors.ts';
import { type Command, required, wholeNumber } from './command.ts';
import { type LaneSetup, startLane } from './lanes.ts';
import { openBatchModel } from './open-model.ts';
import { openOutputFolder, type OutputFolder } from './output-folder.ts';
import { createProgress } from './progress.ts';

export const command: Command = {
  usage: `npm run propensity -- score --input FILE --output DIR --model BUNDLE.zip|model.txt
  --input    CSV, CSV.gz or Parquet with the model's columns by name, in any order
  --output   folder for scores.csv, problems.csv and the report; its files appear when all is done
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
    const outcome = await scoreCsv(file, { ...request, modelBytes }, folder, checkpoint);
    await writeResults(outcome, folder);
    await folder.publish();
    end();
    console.error(told(outcome, output));
  } catch (error) {
    end();
    await folder.discard();
    throw error;
  }
}

type Scoring = ScoreRequest & { readonly modelBytes: Uint8Array };

async function scoreCsv(
  file: Blob,
  request: Scoring,
  folder: OutputFolder,
  checkpoint: Checkpoint,
): Promise<BatchOutcome> {
  return run(await openCsvStream(file), request, await folder.stream('scores.csv'), checkpoint);
}

async function run(
  stream: CsvStream,
  { modelBytes, model, asOf, workers }: Scoring,
  write: (bytes: Uint8Array) => Promise<void>,
  checkpoint: Checkpoint,
): Promise<BatchOutcome> {
  const { layout } = stream;
  const name = basename(model);
  // Refuses here, before any thread starts, what each of them would refuse.
  openBatchModel(modelBytes, name, layout.header, referenceKernels, asOf);
  const setup: LaneSetup = { model: modelBytes, name, layout, asOf };
  const lanes = Array.from({ length: workers }, () => startLane(setup));
  try {
    return await scoreBatch({
      chunks: stream.chunks,
      checkUtf8: stream.checkUtf8,
      delimiter: layout.delimiter,
      lanes: lanes.map(({ lane }) => lane),
      write,
      taken: stream.taken,
      checkpoint,
    });
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

async function writeResults({ problems, rows, problemCounts }: BatchOutcome, folder: OutputFolder): Promise<void> {
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const lines = problems.map(({ row, column, problem, value }) =>
    [row, cell(column), cell(problem), cell(value)].join(),
  );
  await folder.add('problems.csv', `row,column,problem,value\n${lines.map((line) => `${line}\n`).join('')}`);
  await folder.add('summary.json', `${JSON.stringify({ rows, problems: problemCounts }, null, 1)}\n`);
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
