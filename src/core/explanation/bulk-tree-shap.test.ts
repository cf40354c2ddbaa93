import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createNodeKernels } from '../../adapters/node/kernels.ts';
import { createFrame, type Frame } from '../data/frame.ts';
import { referenceKernels } from '../kernels/kernels.ts';
import type { BoostingModel, Tree } from '../models/boosting/boosting-model.ts';
import { missingNaN } from '../models/boosting/decision.ts';
import { readLightgbmText } from '../models/formats/lightgbm-text-reader.ts';
import { createRandom } from '../shared/random.ts';
import { bulkTreeShap } from './bulk-tree-shap.ts';
import { createTreeShap } from './tree-shap.ts';

interface Golden {
  readonly rows: readonly (readonly (number | string | null)[])[];
  readonly cases: readonly {
    readonly name: string;
    readonly model: string;
    readonly contributions: readonly (readonly number[])[];
  }[];
}

const golden = JSON.parse(readFileSync(new URL('../../testing/golden/shap.json', import.meta.url), 'utf8')) as Golden;
const special: Record<string, number> = { inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };
const cell = (value: number | string | null | undefined) =>
  value === null ? Number.NaN : (special[value ?? ''] ?? Number(value));

/** The rows as a frame of numbers, under the model's names. */
function frameOf(model: BoostingModel, rows: readonly (readonly (number | string | null)[])[]): Frame {
  return createFrame(
    model.features.map(({ name }, feature) => ({
      kind: 'number' as const,
      name,
      values: Float64Array.from(rows, (row) => cell(row[feature])),
    })),
  );
}

const everyRow = (frame: Frame) => Uint32Array.from({ length: frame.rowCount }, (_, row) => row);

test.each(golden.cases)(
  "LightGBM's own contributions, many rows at once: $name",
  async ({ model: text, contributions }) => {
    const model = readLightgbmText(text);
    const frame = frameOf(model, golden.rows);
    const { values, rowCount } = await bulkTreeShap(model, frame, everyRow(frame), createNodeKernels({ threads: 1 }));
    contributions.forEach((row, i) => {
      model.features.forEach((_, feature) => {
        expect(Math.abs(values[feature * rowCount + i]! - row[feature]!)).toBeLessThan(1e-9);
      });
    });
  },
);

test('the same bytes on one thread, on two, and without WebAssembly', async () => {
  for (const { model: text } of golden.cases) {
    const model = readLightgbmText(text);
    const many = Array.from({ length: 2100 }, (_, i) => golden.rows[(i * 7) % golden.rows.length]!);
    const frame = frameOf(model, many);
    const [one, two, none] = await Promise.all(
      [createNodeKernels({ threads: 1 }), createNodeKernels({ threads: 2 }), referenceKernels].map((kernels) =>
        bulkTreeShap(model, frame, everyRow(frame), kernels),
      ),
    );
    expect(two!.values).toEqual(one!.values);
    expect(none!.values).toEqual(one!.values);
  }
});

// Leaves with more than 16 features have no table of patterns; those with more than 32 are walked row by row.
test.each([12, 20, 30, 40])('a path of %i different features', async (depth) => {
  const model = chain(depth);
  const random = createRandom(depth, 0);
  const rows = Array.from({ length: 700 }, () =>
    model.features.map(() => (random.next() < 0.05 ? null : random.next())),
  );
  const frame = frameOf(model, rows);
  const { values, rowCount } = await bulkTreeShap(model, frame, everyRow(frame), createNodeKernels({ threads: 1 }));
  const shap = createTreeShap(model);
  rows.forEach((row, i) => {
    const phi = new Float64Array(depth);
    shap.addAttributions(Float64Array.from(row, cell), phi);
    phi.forEach((value, feature) => expect(Math.abs(values[feature * rowCount + i]! - value)).toBeLessThan(1e-12));
  });
});

/** A tree that splits off a leaf at each level, each on a feature of its own. */
function chain(depth: number): BoostingModel {
  const nodes = Array.from({ length: depth }, (_, i) => i);
  const counts = nodes.map((node) => 100 * (depth + 1 - node));
  const tree: Tree = {
    leafCount: depth + 1,
    splitFeature: Int32Array.from(nodes),
    threshold: Float64Array.from(nodes, (node) => 0.1 + 0.02 * (node % 20)),
    decisionType: new Uint8Array(depth).fill(missingNaN),
    leftChild: Int32Array.from(nodes, (node) => ~node),
    rightChild: Int32Array.from(nodes, (node) => (node + 1 < depth ? node + 1 : ~depth)),
    splitGain: new Float64Array(depth),
    leafValue: Float64Array.from({ length: depth + 1 }, (_, leaf) => (leaf % 3) - 0.7),
    leafWeight: new Float64Array(depth + 1).fill(100),
    leafCountRows: new Int32Array(depth + 1).fill(100),
    internalValue: new Float64Array(depth),
    internalWeight: Float64Array.from(counts),
    internalCount: Int32Array.from(counts),
    catBoundaries: new Int32Array(0),
    catThreshold: new Uint32Array(0),
    shrinkage: 1,
  };
  return {
    kind: 'boosting',
    features: nodes.map((node) => ({ name: `x${node}`, kind: 'number', info: '[0:1]' })),
    trees: [tree],
    parameters: {},
  };
}
