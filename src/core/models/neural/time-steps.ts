import type { NetworkSession, NetworkStart } from '../../kernels/dense-training.ts';

const trialSteps = 8;

/** Milliseconds of a few training steps on the first rows, after as many to warm up. The trial leaves nothing behind. */
export async function timeSteps(
  now: () => number,
  open: (trial: NetworkStart) => Promise<NetworkSession>,
  start: NetworkStart,
): Promise<number> {
  const rowCount = Math.min(start.train.rowCount, trialSteps * start.settings.batchSize);
  const train = { ...start.train, rowCount };
  const session = await open({ ...start, train, validation: { ...start.validation, rowCount: 0 } });
  try {
    const order = Uint32Array.from({ length: rowCount }, (_, row) => row);
    const run = (epoch: number) =>
      session.trainEpoch({ epoch, order, learningRate: 1e-6, breathe: () => Promise.resolve() });
    await run(0);
    const started = now();
    await run(1);
    return now() - started;
  } finally {
    session.close();
  }
}
