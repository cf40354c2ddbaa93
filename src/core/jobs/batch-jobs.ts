import type { Kernels } from '../kernels/kernels.ts';
import { bundleBatchModel } from '../scoring/batch/batch-model.ts';
import type { CsvLayout } from '../scoring/batch/layout.ts';
import { createPieceScorer, type PieceScorer, type ScoredPiece } from '../scoring/batch/piece.ts';
import { readBundle } from '../scoring/read-bundle.ts';
import { StudioError } from '../shared/errors.ts';
import type { JobRun } from './job.ts';

/** What a worker of a batch does: it scores pieces of one file with one bundle, one after the other. */
export interface BatchJobs {
  /** The bundle's bytes, and how the file is laid out. Asked first. */
  open(
    input: { readonly bundle: Uint8Array; readonly layout: CsvLayout; readonly asOf?: number },
    run: JobRun,
  ): Promise<void>;
  score(
    input: { readonly bytes: Uint8Array<ArrayBuffer>; readonly isFirst: boolean },
    run: JobRun,
  ): Promise<ScoredPiece>;
}

interface BatchHost {
  readonly kernels: Kernels;
  readonly unzip: (bytes: Uint8Array) => Record<string, Uint8Array>;
}

export function createBatchJobs({ kernels, unzip }: BatchHost): BatchJobs {
  let scorer: PieceScorer | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    async open({ bundle, layout, asOf }) {
      scorer = createPieceScorer(bundleBatchModel(readBundle(unzip(bundle)), layout.header, kernels, asOf), layout);
    },
    score({ bytes, isFirst }) {
      const opened = scorer;
      if (!opened) throw new StudioError('internal', 'A piece came before its bundle.');
      // In turn: the scorer's buffers serve one piece at a time.
      const scored = last.then(() => opened(bytes, isFirst));
      last = scored.catch(() => undefined);
      return scored;
    },
  };
}
