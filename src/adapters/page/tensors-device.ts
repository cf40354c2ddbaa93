import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** A device of our own under tfjs: its backend neither checks for an adapter nor notices a loss. */
export interface TensorDevice {
  /** Rejects when the device is lost. */
  readonly lost: Promise<never>;
  release(): void;
}

/** Settles when no device is in use: tfjs has one backend for all, so that a second training waits for the first. */
let free: Promise<void> = Promise.resolve();

/** Makes tfjs work on a fresh device of this adapter, once the one before is released. */
export async function openTensorDevice(adapter: GPUAdapter): Promise<TensorDevice> {
  const before = free;
  let done = () => {};
  free = new Promise<void>((resolve) => {
    done = resolve;
  });
  await before;
  try {
    return await openFree(adapter, done);
  } catch (cause) {
    done();
    throw cause;
  }
}

async function openFree(adapter: GPUAdapter, done: () => void): Promise<TensorDevice> {
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  let released = false;
  const lost = device.lost.then((info) => {
    throw new Error(`the device was lost (${info.reason}): ${info.message}`);
  });
  // A release is a loss too, and by then nobody listens.
  lost.catch(() => {});
  // Importing the backend registered a factory of its own.
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info));
  await tf.setBackend('webgpu');
  return {
    lost,
    release() {
      if (released) return;
      released = true;
      tf.removeBackend('webgpu');
      device.destroy();
      done();
    },
  };
}
