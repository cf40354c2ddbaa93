import type { Kernels } from '../../kernels/kernels.ts';
import { StudioError } from '../../shared/errors.ts';
import type { EpochPlan, NetworkSession, NetworkStart } from '../../kernels/dense-training.ts';
import { openKernelSession } from './kernel-session.ts';
import type { DenseLayer } from '../../kernels/dense-training.ts';

export interface EpochResult {
  /** Raw scores of the training rows as their batches came, and of the validation rows after the epoch. */
  readonly train: Float32Array;
  readonly validation: Float32Array;
}

/** Runs epochs on the GPU where there is one and goes on elsewhere if it is lost. */
export interface Backend {
  epoch(plan: Omit<EpochPlan, 'breathe'>, breathe: EpochPlan['breathe']): Promise<EpochResult>;
  /** The weights after the last finished epoch. */
  layers(): readonly DenseLayer[];
  name(): string;
  /** What a person should know about where the work was done. */
  notes(): readonly string[];
  close(): void;
}

/**
 * A lost GPU is asked for once more; lost again, or not there at all, the kernels finish. Each time the interrupted epoch
 * starts anew from the weights of the one before.
 */
export async function createBackend(kernels: Kernels, start: NetworkStart): Promise<Backend> {
  const { gpu } = kernels;
  const notes: string[] = [];
  let chancesLeft = gpu ? 2 : 0;
  let layers = start.layers;
  let onGpu = false;
  let session = await open();

  async function open(): Promise<NetworkSession> {
    if (gpu && chancesLeft > 0) {
      chancesLeft--;
      try {
        const opened = await gpu.open({ ...start, layers });
        onGpu = true;
        return opened;
      } catch (cause) {
        if (!isUnavailable(cause)) throw cause;
        notes.push(`The GPU could not be used: ${cause.message}`);
        chancesLeft = 0;
      }
    }
    onGpu = false;
    return openKernelSession(kernels, { ...start, layers });
  }

  return {
    async epoch(plan, breathe) {
      for (;;) {
        try {
          const train = await session.trainEpoch({ ...plan, breathe: (done) => breathe(0.95 * done) });
          const validation = await session.scoreValidation((done) => breathe(0.95 + 0.05 * done));
          layers = await session.layers();
          return { train, validation };
        } catch (cause) {
          if (!onGpu || !isUnavailable(cause)) throw cause;
          session.close();
          const lost = session.backend;
          session = await open();
          notes.push(`${lost} was lost in epoch ${plan.epoch + 1}; the epoch was done again on ${session.backend}.`);
        }
      }
    },
    layers: () => layers,
    name: () => session.backend,
    notes: () => notes,
    close: () => session.close(),
  };
}

function isUnavailable(cause: unknown): cause is StudioError {
  return cause instanceof StudioError && cause.code === 'kernel.unavailable';
}
