import type { Kernels } from '../../core/kernels/kernels.ts';
import { referenceKernels } from '../../core/kernels/kernels.ts';
import { createCrewFactory } from '../any/crew.ts';
import { supportsKernels } from '../any/crew-support.ts';
import { createPageCrewHost } from './crew.ts';

/**
 * What a worker of the page offers a learner. `threads` counts the caller's own; by default one per core, eight at most.
 * Without cross-origin isolation memory cannot reach another worker: one thread, the same bytes.
 */
export function createPageKernels({ threads }: { readonly threads?: number } = {}): Kernels {
  if (!supportsKernels()) return referenceKernels;
  const wanted = threads ?? Math.min(8, navigator.hardwareConcurrency || 1);
  return { createCrew: createCrewFactory(createPageCrewHost(globalThis.crossOriginIsolated ? wanted : 1)) };
}
