import { Worker } from 'node:worker_threads';
import type { PieceLane } from '../../src/core/scoring/batch/batch.ts';
import type { CsvLayout } from '../../src/core/scoring/batch/layout.ts';
import type { ScoredPiece } from '../../src/core/scoring/batch/piece.ts';
import { fromPlainError, type PlainError, StudioError } from '../../src/core/shared/errors.ts';

export interface LaneSetup {
  /** Bytes of the bundle or model.txt: each thread reads its own. */
  readonly model: Uint8Array;
  readonly name: string;
  readonly layout: CsvLayout;
  readonly asOf: number | undefined;
}

export interface LaneRequest {
  readonly id: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isFirst: boolean;
}

type LaneAnswer = { readonly id: number } & ({ readonly piece: ScoredPiece } | { readonly error: PlainError });

interface Waiting {
  readonly resolve: (piece: ScoredPiece) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that scores pieces of a file. */
export function startLane(setup: LaneSetup): { readonly lane: PieceLane; close(): Promise<unknown> } {
  const worker = new Worker(new URL('./score-thread.mjs', import.meta.url), { workerData: setup, execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let lost: Error | undefined;
  worker.on('message', (answer: LaneAnswer) => {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('piece' in answer) call?.resolve(answer.piece);
    else call?.reject(fromPlainError(answer.error));
  });
  const lose = (cause: unknown): void => {
    lost ??= new StudioError('job.worker-lost', `A scoring thread ended: ${String(cause)}.`, { cause });
    for (const { reject } of waiting.values()) reject(lost);
    waiting.clear();
  };
  worker.on('error', lose);
  worker.on('exit', lose);
  return {
    lane: (bytes, isFirst) =>
      new Promise((resolve, reject) => {
        if (lost) {
          reject(lost);
          return;
        }
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, bytes, isFirst } satisfies LaneRequest, [bytes.buffer]);
      }),
    close: () => worker.terminate(),
  };
}
