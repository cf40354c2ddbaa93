import type { Column } from '../core/data/frame.ts';
import { createFrame } from '../core/data/frame.ts';
import { writeBoosting } from '../core/models/boosting/boosting-files.ts';
import type { BoostingModel } from '../core/models/boosting/boosting-model.ts';
import type { TrainingInput } from '../core/models/model.ts';
import { createRandom } from '../core/shared/random.ts';

/** Numbers x0, x1 … (every fourth with missing values, every fifth with many zeros), a category, and a label that depends on them. */
export function sampleInput(rows: number, width: number, seed = 3): TrainingInput {
  const random = createRandom(seed);
  const numbers = Array.from({ length: width }, (_, f): Column & { kind: 'number' } => ({
    kind: 'number',
    name: `x${f}`,
    values: Float64Array.from({ length: rows }, () =>
      f % 4 === 1 && random.next() < 0.2 ? Number.NaN : f % 5 === 3 && random.next() < 0.4 ? 0 : random.normal(),
    ),
  }));
  const codes = Int32Array.from({ length: rows }, () => random.integer(9) - 1);
  const labels = new Int8Array(rows);
  for (let row = 0; row < rows; row++) {
    const at = (f: number) => numbers[f]?.values[row] ?? 0;
    const missing = Number.isNaN(at(1)) ? 1.5 : 0;
    const z = at(0) + missing + (at(2) > 0.5 ? 1 : 0) + (((codes[row] as number) * 7) % 4) - 2;
    labels[row] = random.next() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
  }
  const levels = Array.from({ length: 8 }, (_, level) => `level ${level}`);
  const features = createFrame([...numbers, { kind: 'category', name: 'kind', codes, levels }]);
  const cut = Math.floor(rows * 0.75);
  const rowNumbers = Uint32Array.from({ length: rows }, (_, row) => row);
  return { features, labels, train: rowNumbers.slice(0, cut), validation: rowNumbers.slice(cut), seed: 11 };
}

/** A model's trees as text: equal text, equal bytes. */
export function modelText(model: BoostingModel): string {
  const files = writeBoosting(model);
  return new TextDecoder().decode(files['model.txt'] ?? Object.values(files)[0]);
}
