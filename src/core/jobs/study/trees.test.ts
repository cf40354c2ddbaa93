import { beforeAll, expect, test } from 'vitest';
import { createNodeStudy, quiet } from '../../../testing/node-study.ts';

const host = createNodeStudy({ threads: 1 });
const { study } = host;

beforeAll(async () => {
  await study.makeCustomers({ scenario: 'ecommerce', customers: 2_000, seed: 5, conversionRate: 0.1 }, quiet);
  await study.buildFeatures({ seed: 5, train: 0.6, validation: 0.2, test: 0.2, by: 'random' }, quiet);
  const input = await study.trainingInput({}, quiet);
  for (const [kind, parameters] of [
    ['boosting', { n_estimators: 4, early_stopping_round: 0 }],
    ['logistic', { choose_C: false }],
  ] as const) {
    const result = await host.training.train({ kind, input, parameters }, quiet);
    await study.acceptModel({ ...result, parameters }, quiet);
  }
});

test('the leaves that a customer reaches in every tree add up to the score that is explained', async () => {
  const row = 17;
  let sum = 0;
  for (let index = 0; index < 4; index++) {
    const { tree, treeCount, path } = await study.tree({ model: 'boosting', index, row }, quiet);
    expect(treeCount).toBe(4);
    const steps = path ?? [];
    expect(steps[0]?.node).toBe(0);
    steps.forEach(({ node, value }, i) => {
      const at = tree.nodes[node];
      if (at?.kind !== 'split') return;
      const next = steps[i + 1]?.node;
      // What the step says of the customer's value decides where the path goes on.
      if (value === 'missing') expect(next).toBe(at[at.missing]);
      else if (at.threshold !== undefined && Number(value) !== at.threshold)
        expect(next).toBe(Number(value) < at.threshold ? at.left : at.right);
    });
    const leaf = tree.nodes[steps.at(-1)?.node ?? -1];
    expect(leaf?.kind).toBe('leaf');
    sum += leaf?.value ?? Number.NaN;
  }
  expect(sum).toBeCloseTo((await study.explainCustomer({ row, model: 'boosting' }, quiet)).logOdds, 12);
});

test('a model without trees, and a tree that is not there, are refused in words', async () => {
  await expect(study.tree({ model: 'logistic', index: 0 }, quiet)).rejects.toMatchObject({ code: 'request.invalid' });
  await expect(study.tree({ model: 'boosting', index: 4 }, quiet)).rejects.toMatchObject({
    code: 'parameters.invalid',
  });
});
