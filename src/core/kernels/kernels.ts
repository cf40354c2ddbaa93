import type { CreateCrew } from './crew.ts';
import type { GpuTrainer } from './dense-training.ts';

/** What the host offers a learner. Without `createCrew` (no WASM SIMD) the TypeScript twins do the work: same bytes. */
export interface Kernels {
  readonly createCrew?: CreateCrew;
  /** Trains the neural network on a GPU, where the host has a hardware adapter (tfjs; owned by adapters/page). */
  readonly gpu?: GpuTrainer;
}

/** No WASM, no GPU: the TypeScript twins alone. */
export const referenceKernels: Kernels = {};
