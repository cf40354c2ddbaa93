import type { GpuTrainer, NetworkSession, NetworkStart } from '../../core/kernels/dense-training.ts';
import { StudioError } from '../../core/shared/errors.ts';

export interface GpuOptions {
  /** Takes a software adapter as well: slow, for tests of this path on machines without a GPU. */
  readonly allowSoftware?: boolean;
}

/**
 * A trainer on WebGPU through tfjs, or undefined where there is no hardware adapter. tfjs itself is loaded only when a
 * training starts.
 */
export async function findGpuTrainer(options: GpuOptions = {}): Promise<GpuTrainer | undefined> {
  return (await requestAdapter(options))
    ? { now: () => performance.now(), open: (start) => openOnGpu(start, options) }
    : undefined;
}

async function requestAdapter({ allowSoftware = false }: GpuOptions): Promise<GPUAdapter | undefined> {
  if (typeof navigator === 'undefined' || !('gpu' in navigator)) return undefined;
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return undefined;
  return allowSoftware || !isSoftware(adapter) ? adapter : undefined;
}

function isSoftware(adapter: GPUAdapter): boolean {
  // Before 2025 the flag stood on the adapter itself.
  const flagged = adapter.info.isFallbackAdapter ?? (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter;
  return flagged || adapter.info.architecture === 'swiftshader';
}

async function openOnGpu(start: NetworkStart, options: GpuOptions): Promise<NetworkSession> {
  const adapter = await requestAdapter(options);
  if (!adapter) throw unavailable('WebGPU offers no adapter any more.');
  const bytes = 4 * start.train.rowCount * start.train.width;
  if (bytes > adapter.limits.maxStorageBufferBindingSize) {
    throw unavailable(`The training rows take ${Math.ceil(bytes / 0x10_0000)} MiB, more than the GPU binds at once.`);
  }
  try {
    const [{ openTensorDevice }, { openTensorSession }] = await Promise.all([
      import('./tensors-device.ts'),
      import('./tensors-session.ts'),
    ]);
    const device = await openTensorDevice(adapter);
    try {
      return guarded(openTensorSession(start, isSoftware(adapter) ? 'WebGPU (software)' : 'WebGPU'), device);
    } catch (cause) {
      device.release();
      throw cause;
    }
  } catch (cause) {
    throw asUnavailable(cause);
  }
}

/** The session with every failure of the device told as `kernel.unavailable`, at once when the device is lost. */
function guarded(session: NetworkSession, device: { readonly lost: Promise<never>; release(): void }): NetworkSession {
  const guard = <T>(work: Promise<T>): Promise<T> =>
    Promise.race([work, device.lost]).catch((cause: unknown) => {
      throw asUnavailable(cause);
    });
  return {
    backend: session.backend,
    trainEpoch: (plan) => guard(session.trainEpoch(plan)),
    scoreValidation: (breathe) => guard(session.scoreValidation(breathe)),
    weights: () => guard(session.weights()),
    close() {
      try {
        session.close();
      } catch {
        // A lost device has nothing left to free.
      }
      device.release();
    },
  };
}

/** Stopping on request and other refusals of ours pass through. */
function asUnavailable(cause: unknown): StudioError {
  if (cause instanceof StudioError) return cause;
  return unavailable(cause instanceof Error ? cause.message : String(cause), cause);
}

function unavailable(message: string, cause?: unknown): StudioError {
  return new StudioError('kernel.unavailable', message, { cause, fix: 'The network trains on the processor instead.' });
}
