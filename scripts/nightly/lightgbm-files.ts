import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonWith, runJson, tabularPeers } from '../../bench/harness/python.ts';
import { type BenchRow, within } from '../../bench/harness/row.ts';
import { createNodeKernels } from '../../src/adapters/node/kernels.ts';
import { createFrame } from '../../src/core/data/frame.ts';
import { type TreeScoring, openTreeScoring } from '../../src/core/kernels/tree-scoring.ts';
import type { BoostingModel } from '../../src/core/models/boosting/boosting-model.ts';
import { boostingRawScores } from '../../src/core/models/boosting/raw-scores.ts';
import { readLightgbmFile, readLightgbmText } from '../../src/core/models/formats/lightgbm-text-reader.ts';
import { writeLightgbmText } from '../../src/core/models/formats/lightgbm-text.ts';
import { createRandom } from '../../src/core/shared/random.ts';
import { createNodeStudy, quiet } from '../../src/testing/node-study.ts';
import { spoilModels } from './spoiled-models.ts';

const folder = 'artifacts/nightly/lightgbm';
const generator = 'src/testing/golden/lightgbm-text.py';
const rowCount = 100_000;
const mutantCount = 500_000;
/** A file that takes so long hangs. */
const longestMs = 2000;
const own = 'studio';

interface Listed {
  readonly name: string;
  readonly file: string;
  /** Not so where the rows are a pandas table. */
  readonly isScored: boolean;
}

/**
 * Model files both ways, on adversarial rows, bit for bit: LightGBM's files of every sort scored here, and the same models
 * and one of the studio's, written here, scored by LightGBM. Then its files spoiled, half a million times.
 */
export async function lightgbmFiles(mutants = mutantCount): Promise<BenchRow[]> {
  mkdirSync(folder, { recursive: true });
  const python = pythonWith('tabular', tabularPeers);
  runJson(python, [generator, '--large', folder, String(rowCount)]);
  const models = JSON.parse(readFileSync(join(folder, 'models.json'), 'utf8')) as readonly Listed[];
  const scored = models.filter(({ isScored }) => isScored).map(({ file }) => file);
  const scoring = await openTreeScoring(createNodeKernels({ threads: 1 }));
  const here = scored.map((file) => differentHere(file, scoring)).reduce((sum, each) => sum + each, 0);
  await writeOwn(scoring);
  const there = runJson<{ rows: number; different: number }>(python, [generator, '--check', folder, ...scored, own]);
  const few = models.map(({ file }) => readFileSync(join(folder, `${file}.few.txt`), 'utf8'));
  const spoiled = spoilModels(few, mutants, folder, scoring);
  return [
    none(
      'rows that the studio scores otherwise than LightGBM',
      here,
      'rows',
      `${scored.length} of LightGBM's files × ${rowCount} rows`,
    ),
    none(
      'rows that LightGBM scores otherwise than the studio',
      there.different,
      'rows',
      `${scored.length + 1} files written here, ${there.rows} rows, as loaded and as saved again`,
    ),
    none(
      'spoiled model files that crash, score without end or change when saved',
      spoiled.failed.length,
      'files',
      spoiled.told,
    ),
    within(
      'the longest that one spoiled file took',
      'ms',
      longestMs,
      [spoiled.longestMs],
      'read, scored, written and read again',
    ),
  ];
}

function none(name: string, ours: number, unit: string, why: string): BenchRow {
  return { name, ours, peer: null, unit, ratio: ours === 0 ? 1 : 0, must: 1, aim: null, why };
}

/** LightGBM's file, read and written anew, and its rows scored by the kernel and by its twin. */
function differentHere(file: string, scoring: TreeScoring | undefined): number {
  const model = readLightgbmFile(readFileSync(join(folder, `${file}.txt`)));
  writeFileSync(join(folder, `${file}.ours.txt`), writeLightgbmText(model));
  const values = doublesOf(`${file}.rows`);
  const rows = frameOf(model, values);
  const expected = doublesOf(`${file}.scores`);
  return [boostingRawScores(model, rows, scoring), boostingRawScores(model, rows)].reduce(
    (sum, scores) => sum + scores.reduce((count, score, row) => count + Number(!Object.is(score, expected[row])), 0),
    0,
  );
}

/** A model that the studio trained, with rows for it, its categories given as any number. */
async function writeOwn(scoring: TreeScoring | undefined): Promise<void> {
  const { study, training } = createNodeStudy({ threads: 2 });
  await study.makeCustomers({ scenario: 'ecommerce', customers: 20_000, seed: 7 }, quiet);
  await study.buildFeatures({ seed: 7, train: 0.6, validation: 0.2, test: 0.2, by: 'random' }, quiet);
  const input = await study.trainingInput({}, quiet);
  const { trained, seconds } = await training.train({ kind: 'boosting', input, parameters: {} }, quiet);
  await study.acceptModel({ trained, seconds, parameters: {} }, quiet);
  const { bytes } = await study.exportModelText({}, quiet);
  // Without the names of the categories a category is its code.
  const text = new TextDecoder().decode(bytes);
  const model = readLightgbmText(text.replace(/\npandas_categorical:.*\n$/, '\n'));
  const rows = adversarialRows(model);
  const scores = boostingRawScores(model, frameOf(model, rows), scoring);
  writeFileSync(join(folder, `${own}.ours.txt`), text);
  writeFileSync(join(folder, `${own}.rows`), bytesOf(rows));
  writeFileSync(join(folder, `${own}.scores`), bytesOf(scores));
}

const zero = Math.fround(1e-35);
const odd = [
  0,
  -0,
  1e-36,
  -1e-36,
  1e-35,
  -1e-35,
  zero,
  -zero,
  5e-324,
  -5e-324,
  1.7976931348623157e308,
  Infinity,
  -Infinity,
  NaN,
];
const codes = [
  NaN,
  -1,
  -0.5,
  0.5,
  2.9,
  31,
  31.9,
  32,
  33,
  64,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 + 3,
  1e300,
  Infinity,
  -Infinity,
];

/** Column by column: exact thresholds and their neighbours, zeros, infinities, missing, codes unseen and impossible. */
function adversarialRows(model: BoostingModel): Float64Array {
  const random = createRandom(11);
  const pools = model.features.map(() => [...odd, ...codes]);
  for (const { splitFeature, threshold } of model.trees) {
    splitFeature.forEach((feature, node) => pools[feature]?.push(...aroundOf(threshold[node] as number)));
  }
  const values = new Float64Array(rowCount * pools.length);
  pools.forEach((pool, feature) => {
    for (let row = 0; row < rowCount; row++) {
      values[feature * rowCount + row] =
        random.next() < 0.2 ? random.integer(40) : (pool[random.integer(pool.length)] as number);
    }
  });
  return values;
}

/** A double and the two next to it. */
function aroundOf(value: number): number[] {
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  const step = (by: bigint) => new Float64Array(BigInt64Array.of((bits[0] as bigint) + by).buffer)[0] as number;
  return Number.isFinite(value) && value !== 0 ? [value, step(1n), step(-1n)] : [value];
}

function frameOf({ features }: BoostingModel, values: Float64Array) {
  return createFrame(
    features.map(({ name }, index) => ({
      kind: 'number',
      name,
      values: values.subarray(index * rowCount, (index + 1) * rowCount),
    })),
  );
}

function doublesOf(name: string): Float64Array {
  const bytes = readFileSync(join(folder, name));
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
}
