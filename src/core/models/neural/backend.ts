import type {
  EpochOutcome,
  EpochPlan,
  GpuTrainer,
  NetworkSession,
  NetworkStart,
  NetworkWeights,
  OptimizerState,
} from '../../kernels/dense-training.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { StudioError } from '../../shared/errors.ts';
import { openKernelSession } from './kernel-session.ts';
import type { BackendChoice } from './neural-parameters.ts';
import { timeSteps } from './time-steps.ts';

export interface EpochResult {
  readonly train: EpochOutcome;
  /** Raw scores of the validation rows after the epoch. */
  readonly validation: Float32Array;
}

/** Runs epochs where it was chosen to and goes on elsewhere if a GPU is lost. */
export interface Backend {
  /** `breathe` is told the share of the epoch that is done, and that of its training steps. */
  epoch(
    plan: Omit<EpochPlan, 'breathe'>,
    breathe: (done: number, trained: number) => Promise<void>,
  ): Promise<EpochResult>;
  /** The weights after the last finished epoch. */
  weights(): NetworkWeights;
  /** Whether `state` is all there is to go on from. */
  canResume(): boolean;
  /** The weights and Adam's memory after the last finished epoch. */
  state(): { readonly weights: NetworkWeights; readonly optimizer: OptimizerState };
  name(): string;
  /** What a person should know about where the work was done. */
  notes(): readonly string[];
  close(): void;
}

/**
 * A lost GPU is asked for once more; lost again, or not there at all, the kernels finish. Each time the interrupted epoch
 * starts anew from the weights of the one before.
 */
export async function createBackend(kernels: Kernels, start: NetworkStart, choice: BackendChoice): Promise<Backend> {
  const notes: string[] = [];
  let gpu = choice === 'wasm' ? undefined : kernels.gpu;
  if (choice === 'webgpu' && !gpu) notes.push('There is no graphics card that WebGPU may use: the processor trained.');
  let chancesLeft = gpu ? 2 : 0;
  let { weights } = start;
  let onGpu = false;
  if (gpu && choice === 'auto') gpu = await faster(gpu);
  let session = await open();

  /** The GPU if a few steps on it took less time than on the processor. */
  async function faster(candidate: GpuTrainer): Promise<GpuTrainer | undefined> {
    try {
      const onCard = await timeSteps(candidate.now, (trial) => candidate.open(trial), start);
      const onProcessor = await timeSteps(candidate.now, (trial) => openKernelSession(kernels, trial), start);
      const wins = onCard < onProcessor;
      const told = `WebGPU ${milliseconds(onCard)}, the processor ${milliseconds(onProcessor)} for the same steps`;
      notes.push(`Timed beforehand: ${told}; ${wins ? 'WebGPU' : 'the processor'} trained.`);
      return wins ? candidate : undefined;
    } catch (cause) {
      if (!isUnavailable(cause)) throw cause;
      notes.push(`The GPU could not be used: ${cause.message}`);
      return undefined;
    }
  }

  async function open(): Promise<NetworkSession> {
    if (gpu && chancesLeft > 0) {
      chancesLeft--;
      try {
        const opened = await gpu.open({ ...start, weights });
        onGpu = true;
        return opened;
      } catch (cause) {
        if (!isUnavailable(cause)) throw cause;
        notes.push(`The GPU could not be used: ${cause.message}`);
        chancesLeft = 0;
      }
    }
    onGpu = false;
    return openKernelSession(kernels, { ...start, weights });
  }

  return {
    async epoch(plan, breathe) {
      for (;;) {
        try {
          const train = await session.trainEpoch({ ...plan, breathe: (done) => breathe(0.95 * done, done) });
          const validation = await session.scoreValidation((done) => breathe(0.95 + 0.05 * done, 1));
          weights = await session.weights();
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
    weights: () => weights,
    canResume: () => session.optimizer !== undefined,
    state: () => ({ weights, optimizer: session.optimizer?.() ?? { steps: 0, moments: new Float32Array(0) } }),
    name: () => session.backend,
    notes: () => notes,
    close: () => session.close(),
  };
}

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`;
}

function isUnavailable(cause: unknown): cause is StudioError {
  return cause instanceof StudioError && cause.code === 'kernel.unavailable';
}
