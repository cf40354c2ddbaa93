import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFrame, type Frame, sliceRows } from '../data/frame.ts';
import type { Activation } from '../kernels/dense-inference.ts';
import type { Encoding } from '../models/encoding.ts';
import type { LogisticModel } from '../models/logistic/logistic-model.ts';
import type { NeuralModel } from '../models/neural/neural-model.ts';
import { scoreNeural } from '../models/neural/score-neural.ts';
import { correlatedLinearShap } from './correlated-linear-shap.ts';
import { createNetworkShap } from './network-shap.ts';

type Rows = readonly (readonly number[])[];
interface Golden {
  readonly sample: Rows;
  readonly backgroundRows: number;
  readonly rows: Rows;
  readonly networks: readonly {
    readonly name: Activation;
    readonly layers: readonly { readonly weights: number[]; readonly biases: number[]; readonly units: number }[];
    readonly expected: number;
    readonly attributions: Rows;
    readonly integratedGradients: Rows;
  }[];
  readonly linear: {
    readonly coefficients: number[];
    readonly intercept: number;
    readonly expected: number;
    readonly attributions: Rows;
  };
}

const golden = JSON.parse(
  readFileSync(new URL('../../testing/golden/shap-other.json', import.meta.url), 'utf8'),
) as Golden;
const width = golden.rows[0]!.length;
const frameOf = (rows: Rows): Frame =>
  createFrame(
    Array.from({ length: width }, (_, i) => ({
      kind: 'number',
      name: `x${i}`,
      values: Float64Array.from(rows, (row) => row[i]!),
    })),
  );
const rows = frameOf(golden.rows);
const sample = frameOf(golden.sample);
const background = sliceRows(sample, 0, golden.backgroundRows);
const encoding: Encoding = {
  width,
  columns: Array.from({ length: width }, (_, slot) => ({
    kind: 'number',
    name: `x${slot}`,
    mean: 0,
    scale: 1,
    slot,
    missingIndicator: false,
  })),
};

function networkOf({ name, layers }: Golden['networks'][number], ensemble = false): NeuralModel {
  const own = layers.map(({ weights, biases, units }) => ({
    inputs: weights.length / units,
    units,
    weights: Float32Array.from(weights),
    biases: Float32Array.from(biases),
  }));
  return {
    kind: 'neural',
    encoding,
    clip: 0,
    sensitivity: new Float32Array(width),
    activation: name,
    layers: own,
    ...(ensemble ? { ensemble: [own] } : {}),
    parameters: {},
  };
}

const expectNear = (given: ArrayLike<number>, wanted: readonly number[], tolerance: number) => {
  expect(given).toHaveLength(wanted.length);
  wanted.forEach((value, i) => expect(Math.abs(given[i]! - value)).toBeLessThan(tolerance));
};

test.each(golden.networks)("DeepSHAP is the shap package's DeepExplainer, to 1e-5: $name", (each) => {
  for (const ensemble of [false, true]) {
    const shap = createNetworkShap(networkOf(each, ensemble), background);
    golden.rows.forEach((_, row) => {
      const { expectedValue, phi } = shap.deep(rows, row);
      expect(Math.abs(expectedValue - each.expected)).toBeLessThan(1e-5);
      expectNear(phi, each.attributions[row]!, 1e-5);
    });
  }
});

test.each(golden.networks)(
  'expected gradients sample integrated gradients, within 3 standard errors: $name',
  (each) => {
    const shap = createNetworkShap(networkOf(each), background);
    let beyond = 0;
    golden.rows.forEach((_, row) => {
      const { phi, standardError } = shap.gradients(rows, row, 3000);
      phi.forEach((value, i) => {
        expect(standardError[i]).toBeLessThan(0.02);
        if (Math.abs(value - each.integratedGradients[row]![i]!) > 3 * standardError[i]! + 1e-6) beyond++;
      });
    });
    // Of 60 figures: three standard errors hold for 99.7 %.
    expect(beyond).toBeLessThanOrEqual(1);
  },
);

test.each(golden.networks)('either way base and attributions are the very score, to 1e-12: $name', (each) => {
  const model = networkOf(each);
  const scores = scoreNeural(model, rows);
  const shap = createNetworkShap(model, background);
  golden.rows.forEach((_, row) => {
    for (const { expectedValue, phi } of [shap.deep(rows, row), shap.gradients(rows, row, 60)]) {
      const sum = phi.reduce((total, value) => total + value, expectedValue);
      expect(Math.abs(sum - scores[row]!)).toBeLessThan(1e-12);
    }
  });
});

test('compared with itself only, a customer is explained by nothing', () => {
  const shap = createNetworkShap(networkOf(golden.networks[0]!), sliceRows(rows, 3, 4));
  expect([...shap.deep(rows, 3).phi].map(Math.abs)).toEqual(new Array(width).fill(0));
});

const { linear } = golden;
const logistic: LogisticModel = {
  kind: 'logistic',
  encoding,
  intercept: linear.intercept,
  coefficients: Float64Array.from(linear.coefficients),
  inputMeans: new Float64Array(width),
  inputScales: new Float64Array(width).fill(1),
  parameters: {},
};

test("correlation-aware linear SHAP is the shap package's LinearExplainer, to 1e-6", () => {
  golden.rows.forEach((_, row) => {
    const { expectedValue, phi } = correlatedLinearShap(logistic, rows, row, sample);
    expect(Math.abs(expectedValue - linear.expected)).toBeLessThan(1e-6);
    expectNear(phi, linear.attributions[row]!, 1e-6);
  });
});

/** The same features and two copies of the first: eight features more than are walked in every order. */
const doubled = (frame: Frame): Frame => {
  const again = (times: string) =>
    frame.columns.slice(0, 4).map((column) => ({ ...column, name: column.name + times }));
  return createFrame([...frame.columns, ...again('b')]);
};
const wide: LogisticModel = {
  ...logistic,
  encoding: {
    width: 9,
    columns: doubled(rows).columns.map(({ name }, slot) => ({
      kind: 'number',
      name,
      mean: 0,
      scale: 1,
      slot,
      missingIndicator: false,
    })),
  },
  coefficients: Float64Array.from([...linear.coefficients, 0, 0, 0, 0]),
};

test('a copy that the model does not use is given half, within 3 standard errors; the sum stays', () => {
  golden.rows.forEach((_, row) => {
    const { expectedValue, phi, standardError } = correlatedLinearShap(wide, doubled(rows), row, doubled(sample), 300);
    const sum = phi.reduce((total, value) => total + value, expectedValue);
    const score = golden.rows[row]!.reduce((total, x, i) => total + x * linear.coefficients[i]!, linear.intercept);
    expect(Math.abs(sum - score)).toBeLessThan(1e-9);
    for (let i = 0; i < 4; i++) {
      const apart = Math.abs(phi[i]! - phi[5 + i]!);
      expect(apart).toBeLessThan(3 * (standardError[i]! + standardError[5 + i]!) + 1e-9);
    }
  });
});
