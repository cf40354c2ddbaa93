import type { Allocate } from '../../core/data/frame.ts';

/** Shared memory lets other workers read a column without a copy; without cross-origin isolation there is none. */
export const pageAllocate: Allocate = (byteLength) =>
  globalThis.crossOriginIsolated ? new SharedArrayBuffer(byteLength) : new ArrayBuffer(byteLength);
