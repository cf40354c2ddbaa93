import { availableParallelism } from 'node:os';
import type { Kernels } from '../../core/kernels/kernels.ts';
import { referenceKernels } from '../../core/kernels/kernels.ts';
import { createCrewFactory } from '../any/crew.ts';
import { supportsKernels } from '../any/crew-support.ts';
import { createNodeCrewHost } from './crew.ts';

/** What Node offers a learner. `threads` counts the caller's own; by default one per core, eight at most. */
export function createNodeKernels({ threads }: { readonly threads?: number } = {}): Kernels {
  if (!supportsKernels()) return referenceKernels;
  return { createCrew: createCrewFactory(createNodeCrewHost(threads ?? Math.min(8, availableParallelism()))) };
}
