import { expect, test } from 'vitest';
import { createNodeStudy, quiet } from '../../../testing/node-study.ts';
import { roundTraceFigure } from '../../reports/figures/round-trace.ts';

const host = createNodeStudy({ threads: 1 });
const { study } = host;

test('a network is drawn with every parameter counted, each layer with all its weights, and its epochs traced', async () => {
  await study.makeCustomers({ scenario: 'ecommerce', customers: 600, seed: 3, conversionRate: 0.3 }, quiet);
  await study.buildFeatures({ seed: 3, train: 0.6, validation: 0.2, test: 0.2, by: 'random' }, quiet);
  await expect(study.network({}, quiet)).rejects.toMatchObject({ code: 'model.not-trained' });
  const parameters = { layers: [6, 4], epochs: 3, batch_normalization: true };
  const input = await study.trainingInput({}, quiet);
  const result = await host.training.train({ kind: 'neural', input, parameters }, quiet);
  await study.acceptModel({ ...result, parameters }, quiet);

  const { layers, inputs, parameterCount, members, verdict } = await study.network({}, quiet);
  expect(layers.map(({ name, units }) => [name, units])).toEqual([
    ['Hidden layer 1', 6],
    ['Hidden layer 2', 4],
    ['Output', 1],
  ]);
  // Weights and biases, and for each hidden unit a scale and a shift of its normalisation.
  expect(parameterCount).toBe(members * (inputs * 6 + 6 + 12 + (6 * 4 + 4 + 8) + (4 + 1)));
  expect(verdict).toContain('pass 6, 4 units');
  for (const { weights } of layers) {
    const shares = Array.from(weights.series[0]?.y ?? [], Number).slice(0, -1);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  }

  const { rounds, bestRound } = result.trained;
  for (const measure of ['learning_rate', 'gradient_norm'] as const) {
    const trace = roundTraceFigure(rounds, { measure, bestRound });
    expect(trace?.series[0]?.y).toEqual(rounds.map(({ train }) => train[measure]));
    expect(trace?.rules?.[0]?.at).toBe(bestRound);
  }
  expect(
    roundTraceFigure([{ round: 1, of: 1, train: { loss: 1 }, validation: {} }], {
      measure: 'learning_rate',
      bestRound: 1,
    }),
  ).toBeUndefined();
});
