import { beforeAll, expect, test } from 'vitest';
import { writeCsv } from '../../data/csv/write-csv.ts';
import { makeCustomers } from '../../data/customers/make-customers.ts';
import { createNodeStudy, quiet } from '../../../testing/node-study.ts';
import { unzipFiles } from '../../../adapters/any/zip.ts';
import type { StudioError } from '../../shared/errors.ts';
import type { EvaluatedModel } from '../study-contract.ts';

const host = createNodeStudy({ threads: 1 });
const { study } = host;
const file = (text: string) => new Blob([text]);
let text = '';
let own: EvaluatedModel;

beforeAll(async () => {
  await study.makeCustomers({ scenario: 'ecommerce', customers: 3_000, seed: 5, conversionRate: 0.1 }, quiet);
  await study.buildFeatures({ seed: 5, train: 0.6, validation: 0.2, test: 0.2, by: 'random' }, quiet);
  const parameters = { n_estimators: 12, learning_rate: 0.3, early_stopping_round: 0 };
  const input = await study.trainingInput({}, quiet);
  const result = await host.training.train({ kind: 'boosting', input, parameters }, quiet);
  await study.acceptModel({ ...result, parameters }, quiet);
  text = new TextDecoder().decode((await study.exportModelText({}, quiet)).bytes);
  own = (await study.evaluate({ cut: 0.7 }, quiet)).models[0] as EvaluatedModel;
});

test('a model.txt stands beside the model it was written from, with the same figures on the same test customers', async () => {
  const summary = await study.importModel({ file: file(text), name: 'theirs.txt' }, quiet);
  expect(summary).toMatchObject({ kind: 'imported', label: 'theirs.txt', bestRound: 12 });
  const { models, best } = await study.evaluate({ cut: 0.7 }, quiet);
  const imported = models.find(({ kind }) => kind === 'imported') as EvaluatedModel;
  expect(models.map(({ kind }) => kind)).toEqual(['boosting', 'imported']);
  expect(best).toBe('boosting');
  expect(imported.metrics.auc).toEqual(own.metrics.auc);
  expect(imported.metrics.logLoss.value).toBe(own.metrics.logLoss.value);
  expect(imported.notes.join(' ')).toContain('flatter');
});

test('a network comes back from its tfjs files with the same scores, as a stranger', async () => {
  const input = await study.trainingInput({}, quiet);
  const parameters = { layers: [8], epochs: 2 };
  const result = await host.training.train({ kind: 'neural', input, parameters }, quiet);
  await study.acceptModel({ ...result, parameters }, quiet);
  const { bytes, name } = await study.exportTfjsModel({}, quiet);
  expect(Object.keys(unzipFiles(bytes))).toEqual(['model.json', 'weights.bin']);
  const summary = await study.importModel({ file: new Blob([bytes]), name }, quiet);
  expect(summary.notes.join(' ')).toContain('layers of 8, 1, trained elsewhere');
  const { models } = await study.evaluate({ cut: 0.7 }, quiet);
  const [written, read] = ['neural', 'imported'].map((each) => models.find(({ kind }) => kind === each));
  expect(read?.metrics.auc).toEqual(written?.metrics.auc);
  expect(read?.metrics.logLoss).toEqual(written?.metrics.logLoss);
});

test('a model that was not balanced gets bands of a balanced one: its scores are centred on validation', async () => {
  const unbalanced = shiftedBy(text, -4);
  await study.importModel({ file: file(unbalanced), name: 'theirs.txt' }, quiet);
  const { models } = await study.evaluate({ cut: 0.7 }, quiet);
  const imported = models.find(({ kind }) => kind === 'imported') as EvaluatedModel;
  const high = (model: EvaluatedModel) => model.bands.find(({ name }) => name === 'High')?.share ?? 0;
  expect(imported.metrics.auc.value).toBe(own.metrics.auc.value);
  expect(high(imported)).toBeGreaterThan(0.05);
  expect(Math.abs(high(imported) - high(own))).toBeLessThan(0.2);
  const { logOdds, propensity, residual, confidence } = await study.explainCustomer(
    { row: 4, model: 'imported' },
    quiet,
  );
  expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(propensity, 12);
  expect(residual).toBeLessThan(1e-9);
  expect(confidence).toBeNaN();
});

test('it scores a table of customers, and says that it did; the newest of model, bundle and training does so unasked', async () => {
  await study.importModel({ file: file(text), name: 'theirs.txt' }, quiet);
  const { frame } = await makeCustomers({ scenario: 'ecommerce', customers: 50, seed: 9 });
  const table = () => ({ file: new Blob([writeCsv(frame)]), name: 'others.csv' });
  const scored = await study.scoreTable({ ...table(), using: 'imported' }, quiet);
  expect(scored.rowCount).toBe(50);
  expect(scored.preview.columns).toContain('propensity_score');
  expect((await study.scoreTable(table(), quiet)).modelVersion).toBe(scored.modelVersion);
  await expect(study.scoreTable({ ...table(), using: 'bundle' }, quiet)).rejects.toMatchObject({
    code: 'study.not-ready',
  });
});

test('importance by split and by gain can be asked of it; the two rank differently and count what they say', async () => {
  await study.importModel({ file: file(text), name: 'theirs.txt' }, quiet);
  const sumOf = async (by: 'split' | 'gain') => {
    const { series } = await study.importance({ model: 'imported', by }, quiet);
    return series.flatMap(({ x }) => Array.from(x, Number)).reduce((sum, each) => sum + each, 0);
  };
  const splits = [...text.matchAll(/^split_feature=(.*)$/gm)].reduce(
    (sum, [, row]) => sum + (row as string).split(' ').length,
    0,
  );
  expect(await sumOf('split')).toBeLessThanOrEqual(splits);
  expect(await sumOf('split')).toBeGreaterThan(splits / 3);
  expect(await sumOf('gain')).not.toBe(await sumOf('split'));
});

test('features that the study lacks are named', async () => {
  const renamed = text.replace(/^feature_names=(\S+) (\S+)/m, 'feature_names=shoe_size $2');
  const error = await study.importModel({ file: file(renamed), name: 'theirs.txt' }, quiet).then(
    () => undefined,
    (reason: StudioError) => reason,
  );
  expect(error).toMatchObject({ code: 'data.missing-column', where: { file: 'theirs.txt' } });
  expect(error?.message).toContain('"shoe_size"');
});

test('a model from a file is never saved as a bundle, nor refitted: how sure its bands are is unknown', async () => {
  const alone = createNodeStudy({ threads: 1 }).study;
  await alone.makeCustomers({ scenario: 'ecommerce', customers: 3_000, seed: 5, conversionRate: 0.1 }, quiet);
  await alone.buildFeatures({ seed: 5, train: 0.6, validation: 0.2, test: 0.2, by: 'random' }, quiet);
  await alone.importModel({ file: file(text), name: 'theirs.txt' }, quiet);
  expect((await alone.evaluate({ cut: 0.7 }, quiet)).best).toBe('imported');
  await expect(alone.saveBundle({}, quiet)).rejects.toMatchObject({ code: 'study.not-ready' });
  await expect(alone.refitRequest({}, quiet)).rejects.toMatchObject({ code: 'study.not-ready' });
});

/** The same trees with the last leaf values all moved: as a model that starts from the conversion rate. */
function shiftedBy(model: string, shift: number): string {
  const at = model.lastIndexOf('leaf_value=');
  const end = model.indexOf('\n', at);
  const values = model
    .slice(at + 'leaf_value='.length, end)
    .split(' ')
    .map((value) => String(Number(value) + shift));
  const changed = `${model.slice(0, at)}leaf_value=${values.join(' ')}${model.slice(end)}`;
  // The sizes are those of the trees as they were written.
  return changed.replace(/^tree_sizes=.*\n/m, '');
}
