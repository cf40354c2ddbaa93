import { type Column, type Frame, createFrame } from '../core/data/frame.ts';
import type { TreeScoring } from '../core/kernels/tree-scoring.ts';
import type { BoostingFeature, BoostingModel } from '../core/models/boosting/boosting-model.ts';
import { boostingRawScores } from '../core/models/boosting/raw-scores.ts';
import { readLightgbmFile, readLightgbmText } from '../core/models/formats/lightgbm-text-reader.ts';
import { writeLightgbmText } from '../core/models/formats/lightgbm-text.ts';
import { StudioError } from '../core/shared/errors.ts';

/** Enough for the kernel to be used. */
const rowCount = 48;
const odd = [0, -0, 1e-36, -1e-35, 1, -1, 2.5, 31, 32, 1e300, -1e300, 5e-324, Infinity, -Infinity, NaN, 7, 12, -0.5];

/**
 * What becomes of a model file: refused in words, with place and fix; or accepted, and then its scores are finite and
 * written and read again it is the same. Anything else throws.
 */
export function tryModel(bytes: Uint8Array, scoring?: TreeScoring): 'refused' | 'accepted' {
  let model: BoostingModel;
  try {
    model = readLightgbmFile(bytes);
  } catch (error) {
    if (error instanceof StudioError && error.code === 'model.format' && error.fix && error.where?.row)
      return 'refused';
    throw error;
  }
  const rows = rowsFor(model.features);
  const scores = boostingRawScores(model, rows, scoring);
  if (!scores.every(Number.isFinite)) throw new Error('a score is not finite');
  const text = writeLightgbmText(model);
  const again = readLightgbmText(text);
  if (writeLightgbmText(again) !== text) throw new Error('written and read again it is another text');
  // Names may have changed to what LightGBM takes.
  const same = boostingRawScores(again, rowsFor(again.features)).every((score, row) => Object.is(score, scores[row]));
  if (!same) throw new Error('written and read again it scores otherwise');
  return 'accepted';
}

function rowsFor(features: readonly BoostingFeature[]): Frame {
  return createFrame(
    features.map(({ name, kind, levels = [] }, index): Column => {
      const at = (row: number) => (row * (index + 1) + index) % odd.length;
      if (kind === 'number')
        return { kind, name, values: Float64Array.from({ length: rowCount }, (_, row) => odd[at(row)] as number) };
      const all = [...levels.slice(0, 20), 'never seen'];
      return {
        kind,
        name,
        levels: all,
        codes: Int32Array.from({ length: rowCount }, (_, row) => (at(row) % (all.length + 1)) - 1),
      };
    }),
    rowCount,
  );
}
