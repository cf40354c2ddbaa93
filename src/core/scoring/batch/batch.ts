import { Utf8Check, hasHighBytes } from '../../data/csv/encoding.ts';
import type { Checkpoint } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import type { ScoredPiece } from './piece.ts';
import type { Problem } from './problems.ts';
import { addSummary, emptySummary, type PieceSummary } from './summary.ts';
import { wholeRows } from './whole-rows.ts';

/** One scorer of pieces, in this thread or another. It owns the bytes it is given and gives away those it answers with. */
export type PieceLane = (bytes: Uint8Array<ArrayBuffer>, isFirst: boolean) => Promise<ScoredPiece>;

export interface BatchInput {
  /** The file's text as UTF-8 without a byte-order mark. */
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly delimiter: number;
  readonly lanes: readonly PieceLane[];
  /** Called in order; a promise holds the next piece back. */
  readonly write: (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | void;
  /** Share of the input that was taken so far, 0 to 1. */
  readonly taken: () => number;
  readonly checkpoint: Checkpoint;
  /** Whether the text is UTF-8 by its own word, and may prove not to be. */
  readonly checkUtf8: boolean;
}

/** What a batch came to. Rows: read = kept + rejected + blank; those rejected are in `problems`. */
export interface BatchOutcome {
  readonly rows: { readonly read: number; readonly kept: number; readonly rejected: number; readonly blank: number };
  /** The first problems; rows count from the header, which is row 1. */
  readonly problems: readonly Problem[];
  readonly problemCounts: readonly { readonly column: string; readonly problem: string; readonly rows: number }[];
  readonly summary: PieceSummary;
}

/** Problems that are listed; all are counted. */
const maxListed = 10_000;
/** A file in which more than this share of rows has the wrong number of cells is not the table it seems. */
const maxRejectedShare = 0.05;
/** Before so many rows the share is not asked for: one bad row would be too many. */
const fewRows = 1000;

/**
 * Scores a delimited file of any length: pieces go round the lanes, two in hand for each, and are written in the input's
 * order. Memory does not grow with the file. Throws `data.ragged-row`, `data.encoding`, `data.empty` and what lanes throw.
 */
export async function scoreBatch(input: BatchInput): Promise<BatchOutcome> {
  const { lanes, write, checkpoint, taken } = input;
  const total = { records: 0, kept: 0, rejected: 0, blank: 0 };
  const problems: Problem[] = [];
  const counts = new Map<string, number>();
  let summary: PieceSummary | undefined;
  const pending: Promise<ScoredPiece>[] = [];
  const takeIn = async (scored: Promise<ScoredPiece>): Promise<void> => {
    const piece = await scored.catch((error: unknown) => {
      throw inFile(error, total.records);
    });
    await write(piece.bytes);
    for (const each of piece.problems.kept) {
      if (problems.length < maxListed) problems.push({ ...each, row: each.row + total.records });
    }
    for (const [key, count] of piece.problems.counts) counts.set(key, (counts.get(key) ?? 0) + count);
    summary = addSummary(summary ?? emptySummary(piece.summary.missing.length), piece.summary, total.records);
    total.records += piece.records;
    total.kept += piece.kept;
    total.rejected += piece.rejected;
    total.blank += piece.blank;
    if (total.kept + total.rejected >= fewRows) refuseRagged(total, problems);
    await checkpoint({ fraction: Math.min(0.99, taken()), stage: `Scored ${total.kept} customers` });
  };

  let count = 0;
  try {
    const text = input.checkUtf8 ? checked(input.chunks) : input.chunks;
    for await (const piece of wholeRows(text, input.delimiter)) {
      const lane = lanes[count % lanes.length] as PieceLane;
      const scored = lane(piece, count++ === 0);
      // Taken in later: until then nobody listens for a failure.
      scored.catch(() => undefined);
      pending.push(scored);
      if (pending.length >= 2 * lanes.length) await takeIn(pending.shift() as Promise<ScoredPiece>);
    }
    while (pending.length > 0) await takeIn(pending.shift() as Promise<ScoredPiece>);
  } finally {
    await Promise.allSettled(pending);
  }
  refuseRagged(total, problems);
  if (!summary || total.kept === 0)
    throw new StudioError('data.empty', 'The file has a header but no rows.', {
      where: { row: 2 },
      fix: 'Add at least one customer below the header.',
    });
  const { kept, rejected, blank } = total;
  return {
    rows: { read: kept + rejected + blank, kept, rejected, blank },
    problems,
    problemCounts: [...counts].map(([key, rows]) => {
      const [column = '', problem = ''] = key.split('\t');
      return { column, problem, rows };
    }),
    summary,
  };
}

/** Passes chunks on as long as they are UTF-8. */
async function* checked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const check = new Utf8Check();
  for await (const chunk of chunks) {
    if (hasHighBytes(chunk)) check.push(chunk);
    else check.finish();
    if (check.broken > 0) throw notUtf8();
    yield chunk;
  }
  check.finish();
  if (check.broken > 0) throw notUtf8();
}

function notUtf8(): StudioError {
  return new StudioError('data.encoding', 'The file begins as UTF-8 and goes on otherwise.', {
    fix: 'Export the table again in UTF-8.',
  });
}

function refuseRagged({ kept, rejected }: { kept: number; rejected: number }, problems: readonly Problem[]): void {
  if (rejected <= maxRejectedShare * (kept + rejected)) return;
  const first = problems.find(({ column }) => column === '');
  throw new StudioError(
    'data.ragged-row',
    `${rejected} of the first ${kept + rejected} rows do not have the cells of the header${first ? `; the first is row ${first.row} with ${first.value}` : ''}.`,
    {
      ...(first ? { where: { row: first.row } } : {}),
      fix: 'Check that row for a missing or extra delimiter, or for text with a delimiter that is not in quotes.',
    },
  );
}

/** A piece counts its rows from 1: the person counts those of the file. */
function inFile(error: unknown, recordsBefore: number): unknown {
  if (!(error instanceof StudioError) || error.where?.row === undefined) return error;
  const row = error.where.row + recordsBefore;
  const { fix, where, cause } = error;
  return new StudioError(error.code, `${error.message} (row ${row})`, {
    where: { ...where, row },
    ...(fix ? { fix } : {}),
    ...(cause === undefined ? {} : { cause }),
  });
}
