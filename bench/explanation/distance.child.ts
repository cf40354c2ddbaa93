// How far the attributions of the conversion probability that are shown stand from its permutation Shapley values, in
// percentage points: those of features, rescaled and against a sample, and those of raw columns, split equally.
// CUSTOMERS EXPLAINED (200). Prints one JSON object.
import { unzipFiles } from '../../src/adapters/any/zip.ts';
import { makeCustomers } from '../../src/core/data/customers/make-customers.ts';
import { sliceRows } from '../../src/core/data/frame.ts';
import { calibrate } from '../../src/core/evaluation/calibration/calibrator.ts';
import { explainAgainst } from '../../src/core/explanation/explain-trees.ts';
import { explainRow, featureNames } from '../../src/core/explanation/explain.ts';
import { permutationShap, type SampledShap } from '../../src/core/explanation/permutation-shap.ts';
import { byRawColumn } from '../../src/core/explanation/raw-columns.ts';
import { inUnit } from '../../src/core/explanation/units.ts';
import { applyRecipeNow } from '../../src/core/features/apply.ts';
import type { FittedFeature } from '../../src/core/features/fitted-recipe.ts';
import { rawScores } from '../../src/core/models/catalogue.ts';
import type { BoostingModel } from '../../src/core/models/boosting/boosting-model.ts';
import { readBundle } from '../../src/core/scoring/read-bundle.ts';
import { createNodeStudy, quiet } from '../../src/testing/node-study.ts';

const explained = Number(process.argv[2] ?? 200);
const sample = { scenario: 'ecommerce', seed: 7 } as const;
const { study, training } = createNodeStudy({ threads: 1 });
await study.makeCustomers({ ...sample, customers: 20_000 }, quiet);
await study.buildFeatures({ seed: 7, train: 0.6, validation: 0.2, test: 0.2, by: 'random' }, quiet);
const input = await study.trainingInput({}, quiet);
const { trained } = await training.train({ kind: 'boosting', input, parameters: {} }, quiet);
await study.acceptModel({ trained, seconds: 0, parameters: {} }, quiet);
await study.evaluate({ cut: 0.7 }, quiet);
const refits = await study.refitRequest({}, quiet);
const refitted = await training.refit({ ...refits, refits: 2 }, quiet);
await study.acceptRefits({ kind: refits.kind, refits: refitted }, quiet);
const { recipe, calibrator, asOf, ...bundle } = readBundle(unzipFiles((await study.saveBundle({}, quiet)).bytes));
const model = bundle.model as BoostingModel;
const scale = { centre: 0, calibrator };
const day = asOf === undefined ? {} : { asOf };

// Customers that the model has not seen, and 100 to compare them with.
const { frame } = await makeCustomers({ ...sample, customers: explained + 100, seed: 8 });
const features = applyRecipeNow(recipe, { frame, ...day });
const names = featureNames(model);
const columns = [...new Set(recipe.features.flatMap((feature) => feature.columns))];
const columnsOf = names.map((name) => (recipe.features.find((each) => each.name === name) as FittedFeature).columns);
const walks = { walks: 100, seed: 1 };

const distances = { rescaled: createDistance(), sample: createDistance(), columns: createDistance() };
for (let row = 0; row < explained; row++) {
  const others = sliceRows(features, explained, explained + 100);
  const ofFeatures = await permutationShap(
    names,
    (mixed) => calibrate(calibrator, rawScores(model, mixed)),
    features,
    row,
    others,
    walks,
  );
  const ofColumns = await permutationShap(
    columns,
    (mixed) => calibrate(calibrator, rawScores(model, applyRecipeNow(recipe, { frame: mixed, ...day }))),
    frame,
    row,
    sliceRows(frame, explained, explained + 100),
    walks,
  );
  const { attributions } = inUnit(explainRow(model, features, row), 'probability', scale);
  distances.rescaled.add(attributions, ofFeatures);
  const against = explainAgainst(model, features, row, others, scale);
  distances.sample.add(against.probability.attributions, ofFeatures);
  const sums = new Map(byRawColumn(attributions, columnsOf, 'split').map((sum) => [sum.columns[0], sum.attribution]));
  distances.columns.add(
    columns.map((column) => sums.get(column) ?? 0),
    ofColumns,
  );
}
console.log(
  JSON.stringify({
    explained,
    features: names.length,
    columns: columns.length,
    rescaled: distances.rescaled.told(),
    sample: distances.sample.told(),
    rawColumns: distances.columns.told(),
  }),
);

/** Mean and worst distance over all attributions, beside their mean size and the mean standard error of the sampling. */
function createDistance() {
  let [count, sum, worst, size, error] = [0, 0, 0, 0, 0];
  return {
    add(shown: readonly number[], { phi, standardError }: SampledShap): void {
      shown.forEach((value, i) => {
        const distance = 100 * Math.abs(value - (phi[i] as number));
        count++;
        sum += distance;
        worst = Math.max(worst, distance);
        size += 100 * Math.abs(phi[i] as number);
        error += 100 * (standardError[i] as number);
      });
    },
    told: () => ({ mean: sum / count, worst, meanSize: size / count, meanStandardError: error / count }),
  };
}
