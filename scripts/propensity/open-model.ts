import { unzipFiles } from '../../src/adapters/any/zip.ts';
import { readLightgbmFile } from '../../src/core/models/formats/lightgbm-text-reader.ts';
import type { Kernels } from '../../src/core/kernels/kernels.ts';
import { type BatchModel, bundleBatchModel, textBatchModel } from '../../src/core/scoring/batch/batch-model.ts';
import { readBundle } from '../../src/core/scoring/read-bundle.ts';

/** A bundle (zip) or a bare LightGBM model, told by its first bytes, for a file with this header. */
export function openBatchModel(
  bytes: Uint8Array,
  name: string,
  header: readonly string[],
  kernels: Kernels,
  asOf: number | undefined,
): BatchModel {
  return isZip(bytes)
    ? bundleBatchModel(readBundle(unzipFiles(bytes)), header, kernels, asOf)
    : textBatchModel(readLightgbmFile(bytes), header, kernels, name);
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}
