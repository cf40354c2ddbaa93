import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonWith, runJson, tabularPeers } from '../../bench/harness/python.ts';
import type { BenchRow } from '../../bench/harness/row.ts';
import { rawScores } from '../../src/core/models/catalogue.ts';
import { createNodeStudy, quiet } from '../../src/testing/node-study.ts';

const rowCount = 20_000;

/** LightGBM loads the studio's model.txt, and its raw scores of the features' Parquet file are ours, bit for bit. */
export async function lightgbmReadsModel(): Promise<BenchRow[]> {
  const folder = 'artifacts/nightly';
  mkdirSync(folder, { recursive: true });
  const { study, training } = createNodeStudy({ threads: 2 });
  await study.makeCustomers({ scenario: 'ecommerce', customers: rowCount, seed: 7 }, quiet);
  await study.buildFeatures({ seed: 7, train: 0.6, validation: 0.2, test: 0.2, by: 'random' }, quiet);
  const input = await study.trainingInput({}, quiet);
  const { trained, seconds } = await training.train({ kind: 'boosting', input, parameters: {} }, quiet);
  await study.acceptModel({ trained, seconds, parameters: {} }, quiet);
  const files = {
    model: (await study.exportModelText({}, quiet)).bytes,
    features: (await study.exportTable({ what: 'features', format: 'parquet' }, quiet)).bytes,
    scores: new Uint8Array(rawScores(trained.model, input.features).buffer as ArrayBuffer),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const python = pythonWith('tabular', tabularPeers);
  const { rows, different, trees } = runJson<{ rows: number; different: number; trees: number }>(python, [
    'bench/peers/read_model.py',
    ...Object.keys(files).map((name) => join(folder, name)),
  ]);
  const fine = different === 0 && rows === rowCount;
  return [
    {
      name: 'rows that LightGBM scores otherwise than the studio',
      ours: different,
      peer: 0,
      unit: 'rows',
      ratio: fine ? 1 : 0,
      must: 1,
      aim: null,
      why: `${rows} rows, ${trees} trees, raw scores compared as bits; missing values and categories among them`,
    },
  ];
}
