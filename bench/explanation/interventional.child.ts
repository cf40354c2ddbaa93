// Attributes the rows of a table after its first 100, the background, by a LightGBM model in a fresh Node process: FOLDER.
// Prints one JSON object.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sliceRows } from '../../src/core/data/frame.ts';
import { interventionalRows } from '../../src/core/explanation/interventional-rows.ts';
import { readLightgbmText } from '../../src/core/models/formats/lightgbm-text-reader.ts';
import { readTable, underModelNames } from '../boosting/table.ts';
import { backgroundRows, type InterventionalFigures } from './figures.ts';

const [folder = ''] = process.argv.slice(2);
const { features: read, rows } = readTable(folder);
const model = readLightgbmText(readFileSync(join(folder, 'model.txt'), 'utf8'));
const features = underModelNames(read, model);
const explained = Uint32Array.from({ length: rows - backgroundRows }, (_, row) => backgroundRows + row);

const started = performance.now();
const told = await interventionalRows(model, features, explained, sliceRows(features, 0, backgroundRows));
const seconds = (performance.now() - started) / 1000;
if (!told) throw new Error('A leaf has too many features.');

const width = model.features.length;
const theirs = new Float64Array(Uint8Array.from(readFileSync(join(folder, 'contributions.f64'))).buffer);
let farthest = 0;
for (let row = 0; row < theirs.length / width; row++) {
  for (let feature = 0; feature < width; feature++) {
    const difference =
      (told.values[feature * explained.length + row] as number) - (theirs[row * width + feature] as number);
    farthest = Math.max(farthest, Math.abs(difference));
  }
}
const figures: InterventionalFigures = { rowsPerSecond: explained.length / seconds, farthest };
console.log(JSON.stringify(figures));
