import { createNodeKernels } from '../../src/adapters/node/kernels.ts';
import { createFrame, type Frame } from '../../src/core/data/frame.ts';
import { createEncoder } from '../../src/core/models/encoding.ts';
import { measureCollinearity } from '../../src/core/models/logistic/collinearity.ts';
import { inferenceDesign } from '../../src/core/models/logistic/inference-design.ts';
import { noCheckpoint } from '../../src/core/shared/checkpoint.ts';

/**
 * The inputs over which a fit without l2 has one optimum, as number columns: one level of each category left out, none
 * that others determine, and no level or indicator whose training rows are all of one class.
 */
export async function identifiedInputs(features: Frame, labels: Int8Array, train: Uint32Array): Promise<Frame> {
  const design = inferenceDesign(features, train);
  const input = { features, labels, train, validation: new Uint32Array(0), seed: 0 };
  const context = { kernels: createNodeKernels({ threads: 1 }), checkpoint: noCheckpoint };
  const dropped = new Set((await measureCollinearity(input, context)).dropped);
  const { rowCount } = features;
  const all = Uint32Array.from({ length: rowCount }, (_, row) => row);
  const inputs = new Float64Array(design.encoding.width * rowCount);
  createEncoder(design.encoding, design.features).encode(all, 0, rowCount, inputs, 1, rowCount);
  const columns = design.names.map((name, j) => {
    return { kind: 'number' as const, name, values: inputs.slice(j * rowCount, (j + 1) * rowCount) };
  });
  const separates = (values: Float64Array) => {
    const isSwitch = values.every((value) => value === 0 || value === 1);
    const on = train.filter((row) => values[row] === 1);
    return isSwitch && new Set(on.map((row) => labels[row] as number)).size < 2;
  };
  return createFrame(columns.filter(({ name, values }) => !dropped.has(name) && !separates(values)));
}
