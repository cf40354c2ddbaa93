import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonWith } from '../../bench/harness/python.ts';
import { type BenchRow, within } from '../../bench/harness/row.ts';
import type { ExportFormat } from '../../src/adapters/any/exports/export-bundle.ts';
import { type ModelKind, modelKinds } from '../../src/core/models/model.ts';
import { createNodeStudy, quiet, trainAll } from '../../src/testing/node-study.ts';
import { exportTo } from '../propensity/export.ts';

const packages = ['numpy', 'pandas', 'onnxruntime', 'duckdb'] as const;

/** Largest difference of a score: floats where the format has only those, the last bits of doubles elsewhere. */
const runs: readonly { readonly kind: ModelKind; readonly format: ExportFormat; readonly limit: number }[] = [
  { kind: 'boosting', format: 'onnx', limit: 1e-6 },
  { kind: 'logistic', format: 'onnx', limit: 1e-12 },
  { kind: 'neural', format: 'onnx', limit: 1e-5 },
  { kind: 'boosting', format: 'sql', limit: 1e-12 },
  { kind: 'logistic', format: 'sql', limit: 1e-12 },
  { kind: 'boosting', format: 'javascript', limit: 1e-12 },
  { kind: 'logistic', format: 'javascript', limit: 1e-12 },
];

/** Every export of models trained just now, run by its own engine on made-up customers and at the edges. */
export async function exportsAgree(rows = 100_000): Promise<BenchRow[]> {
  const folder = 'artifacts/nightly/exports';
  mkdirSync(folder, { recursive: true });
  const python = pythonWith('exports', packages);
  const jobs = createNodeStudy({ threads: 2 });
  await jobs.study.makeCustomers({ scenario: 'ecommerce', customers: 20_000, seed: 7 }, quiet);
  await jobs.study.buildFeatures({ seed: 7, train: 0.6, validation: 0.2, test: 0.2, by: 'random' }, quiet);
  await trainAll(jobs, { boosting: { n_estimators: 60 }, neural: { epochs: 3 } });
  await jobs.study.evaluate({ cut: 0.7 }, quiet);
  for (const kind of modelKinds) {
    const request = await jobs.study.refitRequest({ kind }, quiet);
    const refits = await jobs.training.refit({ ...request, refits: 2 }, quiet);
    await jobs.study.acceptRefits({ kind, refits }, quiet);
  }
  const results: BenchRow[] = [];
  for (const { kind, format, limit } of runs) {
    const model = join(folder, `${kind}.zip`);
    writeFileSync(model, (await jobs.study.saveBundle({ kind }, quiet)).bytes);
    const request = { model, format, dialect: 'duckdb', table: 'customers', id: 'customer_id', python, rows } as const;
    const certificate = await exportTo(join(folder, `${kind}-${format}`), request);
    if (!certificate) throw new Error(`${kind} as ${format} was not run.`);
    const { engine, rowsChangingSideAtTheCut: sides, worstProbabilityDifference: worst } = certificate;
    const difference = Math.max(certificate.worstPropensityDifference, worst, Number.MIN_VALUE);
    results.push(
      within(
        `${kind} as ${format}: worst difference`,
        'score',
        limit,
        [difference],
        `${engine}, ${certificate.rows} rows, ${sides} change side at the cut`,
      ),
    );
  }
  return results;
}
