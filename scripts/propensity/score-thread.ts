// One thread of `propensity score`: takes pieces of a file, answers with scored pieces. Started by lanes.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { createNodeKernels } from '../../src/adapters/node/kernels.ts';
import { createPieceScorer } from '../../src/core/scoring/batch/piece.ts';
import { toPlainError } from '../../src/core/shared/errors.ts';
import type { LaneRequest, LaneSetup } from './lanes.ts';
import { openBatchModel } from './open-model.ts';

const { model, name, layout, asOf } = workerData as LaneSetup;
const scorer = createPieceScorer(
  openBatchModel(model, name, layout.header, createNodeKernels({ threads: 1 }), asOf),
  layout,
);
let last = Promise.resolve();

parentPort?.on('message', ({ id, bytes, isFirst }: LaneRequest) => {
  // In turn: the scorer's buffers serve one piece at a time.
  last = last.then(async () => {
    try {
      const piece = await scorer(bytes, isFirst);
      parentPort?.postMessage({ id, piece }, [piece.bytes.buffer]);
    } catch (error) {
      parentPort?.postMessage({ id, error: toPlainError(error) });
    }
  });
});
