import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutateModel } from '../../../testing/model-mutations.ts';
import { tryModel } from '../../../testing/try-model.ts';
import { createRandom } from '../../shared/random.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../../testing/golden/lightgbm-text.json', import.meta.url), 'utf8'),
) as { readonly accepted: readonly { readonly model: string }[] };
const models = golden.accepted.map(({ model }) => model);
const mutants = 3000;

test(`${mutants} spoiled model files: refused in words, or finite and the same when written and read again`, () => {
  const random = createRandom(20_260_401);
  const outcomes = { refused: 0, accepted: 0 };
  for (let i = 0; i < mutants; i++) {
    const own = models[i % models.length] as string;
    outcomes[tryModel(mutateModel(own, models[random.integer(models.length)] as string, random))]++;
  }
  expect(outcomes.refused).toBeGreaterThan(mutants / 5);
  expect(outcomes.accepted).toBeGreaterThan(mutants / 20);
});
