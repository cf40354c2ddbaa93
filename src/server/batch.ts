import { guardFormula } from '../core/data/csv/formula.ts';
import type { CustomerScore } from '../core/scoring/scorer.ts';
import { StudioError, toPlainError } from '../core/shared/errors.ts';
import { type Answer, chunkCustomers, createScoreAll, errorsOf, scoreRows } from './answers.ts';
import { type CustomerRow, csvRows, ndjsonRows } from './customer-rows.ts';
import { type ApiRequest, type Reply, splitUrl, textReply } from './exchange.ts';
import { type Lineup, reasonsAsked } from './lineup.ts';
import { wrongReasons } from './predict.ts';
import { problem } from './problems.ts';
import { bodyChunks, bodyType, readJsonBody } from './request-body.ts';

export const batchTypes = ['application/json', 'application/x-ndjson', 'text/csv'] as const;
export type BatchType = (typeof batchTypes)[number];

export interface BatchLimits {
  /** Bytes of a JSON array, which is read whole. */
  readonly arrayBytes: number;
  readonly arrayCustomers: number;
  /** Bytes of a stream, of which a few hundred customers are held at a time. */
  readonly streamBytes: number;
}

export const defaultBatchLimits: BatchLimits = {
  arrayBytes: 16 * 1024 * 1024,
  arrayCustomers: 10_000,
  streamBytes: 2 * 1024 * 1024 * 1024,
};

export interface BatchOptions {
  /** Asked once: a batch is answered by one line-up of models from its first row to its last. */
  readonly lineup: () => Lineup;
  readonly limits: BatchLimits;
  /** Told of every chunk's results. */
  readonly count: (results: readonly (CustomerScore | undefined)[]) => void;
  /** Lets other requests in between chunks. */
  readonly pause: () => Promise<void>;
  /** Called when the last row is sent, or never will be. */
  readonly done: () => void;
}

type Batch = Omit<BatchOptions, 'lineup'> & { readonly lineup: Lineup; readonly mostReasons: number };

/**
 * Scores customers in the order sent: a JSON array whole (one unusable customer refuses it, unless `on_error=row`), NDJSON
 * and CSV as a stream, row by row. Answers as `Accept` asks, else as was sent.
 */
export async function predictBatch(request: ApiRequest, options: BatchOptions): Promise<Reply> {
  try {
    const mostReasons = reasonsAsked(splitUrl(request.url).query);
    if (mostReasons !== undefined) return await answer(request, { ...options, lineup: options.lineup(), mostReasons });
    options.done();
    return wrongReasons();
  } catch (error) {
    options.done();
    throw error;
  }
}

async function answer(request: ApiRequest, options: Batch): Promise<Reply> {
  const sent = bodyType(request, batchTypes);
  const wanted = acceptedType(request.headers.get('accept'), sent);
  if (!wanted) {
    const message = `The answer can be ${batchTypes.join(', ')}.`;
    options.done();
    return problem({ code: 'request.invalid', message }, { status: 406 });
  }
  const onError = splitUrl(request.url).query.get('on_error') ?? (sent === 'application/json' ? 'whole' : 'row');
  if (sent === 'application/json' && onError !== 'row') {
    const response = await whole(request, wanted, options);
    options.done();
    return response;
  }
  const { limits, lineup } = options;
  const chunks = (): AsyncIterable<Uint8Array> => bodyChunks(request, limits.streamBytes);
  const rows =
    sent === 'application/json'
      ? arrayRows(await readArray(request, limits))
      : sent === 'text/csv'
        ? csvRows(chunks(), lineup.models[0].scorer)
        : ndjsonRows(chunks());
  return streamed(answers(rows, options), wanted, options.done);
}

async function whole(request: ApiRequest, wanted: BatchType, options: Batch): Promise<Reply> {
  const records = await readArray(request, options.limits);
  const { results, answers } = await createScoreAll(options.count, options.pause)(
    options.lineup,
    records,
    options.mostReasons,
  );
  const errors = errorsOf(answers);
  if (errors.length > 0) {
    const refused = results.filter((result) => !result).length;
    const message = `${refused} of ${records.length} customers cannot be scored, so none was.`;
    return problem(
      {
        code: 'request.invalid',
        message,
        fix: 'Mend the fields named, or send ?on_error=row to score the others.',
      },
      { status: 422, errors: errors.slice(0, 100) },
    );
  }
  const writer = writers[wanted];
  const text = answers.map((answer, i) => writer.row(answer, i)).join('');
  return textReply(writer.head + text + writer.tail, writer.type);
}

async function readArray(request: ApiRequest, limits: BatchLimits): Promise<unknown[]> {
  const body = await readJsonBody(request, limits.arrayBytes);
  if (!Array.isArray(body)) {
    throw new StudioError('request.invalid', 'A batch is a JSON array of customers.', {
      fix: 'Send [{…}, {…}], or one customer to /predict.',
    });
  }
  if (body.length > limits.arrayCustomers) {
    throw new StudioError(
      'request.too-large',
      `The batch holds ${body.length} customers, more than ${limits.arrayCustomers}.`,
      { fix: 'Send several arrays, or a stream of application/x-ndjson or text/csv.' },
    );
  }
  return body;
}

async function* arrayRows(records: readonly unknown[]): AsyncGenerator<CustomerRow> {
  for (const record of records) yield { record };
}

/** Scores rows in chunks as they come. A failure in mid-stream is told in a last row before it is thrown. */
async function* answers(rows: AsyncIterable<CustomerRow>, options: Batch): AsyncGenerator<readonly Answer[]> {
  let waiting: CustomerRow[] = [];
  let done = 0;
  const flush = (): readonly Answer[] => {
    const { results, answers } = scoreRows(waiting, done, options.lineup, options.mostReasons);
    options.count(results);
    done += waiting.length;
    waiting = [];
    return answers;
  };
  try {
    for await (const row of rows) {
      if (waiting.push(row) < chunkCustomers) continue;
      yield flush();
      await options.pause();
    }
  } catch (error) {
    if (waiting.length > 0) yield flush();
    if (done > 0) yield [{ customer_id: null, errors: [{ pointer: '', detail: toPlainError(error).message }] }];
    throw error;
  }
  if (waiting.length > 0) yield flush();
}

/** Sends the answers as they come and as fast as they are taken. What fails before the first is told by status. */
async function streamed(
  chunks: AsyncGenerator<readonly Answer[]>,
  wanted: BatchType,
  done: () => void,
): Promise<Reply> {
  const first = await chunks.next();
  const writer = writers[wanted];
  const encoder = new TextEncoder();
  let place = 0;
  const write = (part: readonly Answer[]): Uint8Array =>
    encoder.encode(part.map((answer) => writer.row(answer, place++)).join(''));
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(encoder.encode(writer.head));
        if (!first.done) controller.enqueue(write(first.value));
      },
      async pull(controller) {
        // A failure here breaks the connection off: nobody takes half an answer for the whole.
        try {
          const next = await chunks.next();
          if (!next.done) {
            controller.enqueue(write(next.value));
            return;
          }
          controller.enqueue(encoder.encode(writer.tail));
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        done();
      },
      async cancel() {
        done();
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 2 },
  );
  return { status: 200, headers: { 'Content-Type': writer.type }, body };
}

interface BatchWriter {
  readonly type: string;
  readonly head: string;
  readonly tail: string;
  row(answer: Answer, place: number): string;
}

/** The columns of an answer in CSV, in order. Notes and errors are one cell each, as JSON. */
const csvColumns = [
  'customer_id',
  'propensity_score',
  'risk_category',
  'confidence',
  'conversion_probability',
  'conversion_probability_low',
  'conversion_probability_high',
  'decile',
  'model_version',
  'as_of',
  'reasons',
  'findings',
  'errors',
] as const;

const writers: Readonly<Record<BatchType, BatchWriter>> = {
  'application/json': {
    type: 'application/json',
    head: '[',
    tail: ']\n',
    row: (answer, place) => (place === 0 ? '' : ',') + JSON.stringify(answer),
  },
  'application/x-ndjson': {
    type: 'application/x-ndjson',
    head: '',
    tail: '',
    row: (answer) => `${JSON.stringify(answer)}\n`,
  },
  'text/csv': {
    type: 'text/csv; charset=utf-8; header=present',
    head: `${csvColumns.join(',')}\r\n`,
    tail: '',
    row: (answer) => {
      const fields = answer as Partial<Record<(typeof csvColumns)[number], unknown>>;
      return `${csvColumns.map((name) => csvCell(fields[name])).join(',')}\r\n`;
    },
  },
};

function csvCell(value: unknown): string {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return '';
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  const text = guardFormula(typeof value === 'string' ? value : JSON.stringify(value));
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The best of what `Accept` names (RFC 9110, section 12.5.1), what was sent where it is as good as any. */
function acceptedType(accept: string | null, sent: BatchType): BatchType | undefined {
  if (accept === null || accept.trim() === '') return sent;
  const ranges = accept.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return { name, q: q === undefined ? 1 : Number(q.slice(2)) };
  });
  const qualityOf = (type: BatchType): number => {
    const names = [type, `${type.split('/')[0]}/*`, '*/*'];
    for (const name of names) {
      const range = ranges.find((each) => each.name === name);
      if (range) return range.q;
    }
    return 0;
  };
  const best = [sent, ...batchTypes.filter((type) => type !== sent)].reduce((one, other) =>
    qualityOf(other) > qualityOf(one) ? other : one,
  );
  return qualityOf(best) > 0 ? best : undefined;
}
