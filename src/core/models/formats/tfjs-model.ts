import type { Activation } from '../../kernels/dense-inference.ts';
import type { DenseLayer } from '../../kernels/dense-training.ts';
import { inputNames } from '../encoding.ts';
import type { LayerShape } from '../neural/neural-files.ts';
import { writeNeural } from '../neural/neural-files.ts';
import type { NeuralModel } from '../neural/neural-model.ts';

export const topologyName = 'model.json';
const weightsName = 'weights.bin';
/** Where a model.json keeps what tfjs has no layer for: the encoding of customers and the inputs' sensitivity. */
export const metadataKey = 'propensityStudio';

/** Keras' names of the activations. */
const kerasActivation: Readonly<Record<Activation, string>> = { relu: 'relu', gelu: 'gelu', silu: 'swish' };
/** Keras' momentum: the share that running statistics keep in a step. */
const momentum = 0.9;

export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * The network as a tfjs layers model: model.json and weights.bin, which `tf.loadLayersModel` reads. It takes rows encoded
 * and cut as the metadata says (`inputs` names them in order) and gives the probability before calibration, of an ensemble
 * that of the mean raw score.
 */
export function writeTfjsModel(model: NeuralModel): Readonly<Record<string, Uint8Array>> {
  const files = writeNeural(model) as { 'neural.json': Uint8Array; 'neural.bin': Uint8Array };
  const networks = [model.layers, ...(model.ensemble ?? [])];
  const shapes = model.layers.map(shapeOf);
  const json = {
    format: 'layers-model',
    generatedBy: 'Propensity Studio',
    convertedBy: null,
    modelTopology: {
      class_name: 'Model',
      config: topology(model, networks),
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [
      {
        paths: [weightsName],
        weights: weightSpecs(shapes, networks.length).map((spec) => ({ ...spec, dtype: 'float32' })),
      },
    ],
    userDefinedMetadata: {
      [metadataKey]: {
        neural: JSON.parse(new TextDecoder().decode(files['neural.json'])) as unknown,
        sensitivity: [...model.sensitivity],
        inputs: inputNames(model.encoding),
      },
    },
  };
  return {
    [topologyName]: new TextEncoder().encode(JSON.stringify(json)),
    // neural.bin holds the weights in Keras' order, after the inputs' sensitivity.
    [weightsName]: files['neural.bin'].slice(4 * model.sensitivity.length),
  };
}

/** Names and shapes of the weights, layer after layer, network after network: the order of neural.bin. */
export function weightSpecs(shapes: readonly LayerShape[], members: number): WeightSpec[] {
  return Array.from({ length: members }, (_, member) =>
    shapes.flatMap(({ inputs, units, epsilon }, index): WeightSpec[] => {
      const vectors = (layer: string, parts: readonly string[]) =>
        parts.map((part) => ({ name: `${layer}/${part}`, shape: [units] }));
      const dense = layerName('dense', member, index);
      return [
        { name: `${dense}/kernel`, shape: [inputs, units] },
        ...vectors(dense, ['bias']),
        ...(epsilon === undefined ? [] : vectors(layerName('norm', member, index), normParts)),
      ];
    }),
  ).flat();
}

const normParts = ['gamma', 'beta', 'moving_mean', 'moving_variance'];

const layerName = (what: string, member: number, index: number) => `network${member + 1}_${what}${index + 1}`;

function shapeOf({ inputs, units, batchNorm }: DenseLayer): LayerShape {
  return { inputs, units, ...(batchNorm && { epsilon: batchNorm.epsilon }) };
}

function topology({ encoding, activation }: NeuralModel, networks: readonly (readonly DenseLayer[])[]) {
  const input = { batch_input_shape: [null, encoding.width], dtype: 'float32', sparse: false };
  const layers: object[] = [kerasLayer('InputLayer', 'inputs', [], input)];
  const add = (kind: string, name: string, from: readonly string[], config: object): string => {
    layers.push(kerasLayer(kind, name, from, config));
    return name;
  };
  const outputs = networks.map((network, member) => {
    let last = 'inputs';
    network.forEach(({ units, batchNorm }, index) => {
      const named = (what: string) => layerName(what, member, index);
      last = add('Dense', named('dense'), [last], { units, activation: 'linear', use_bias: true });
      if (batchNorm) {
        const { epsilon } = batchNorm;
        last = add('BatchNormalization', named('norm'), [last], { axis: -1, momentum, epsilon });
      }
      if (index < network.length - 1) {
        last = add('Activation', named('activation'), [last], { activation: kerasActivation[activation] });
      }
    });
    return last;
  });
  const score = outputs.length > 1 ? add('Average', 'mean_score', outputs, {}) : (outputs[0] as string);
  const probability = add('Activation', 'probability', [score], { activation: 'sigmoid' });
  return { name: 'conversion', layers, input_layers: [['inputs', 0, 0]], output_layers: [[probability, 0, 0]] };
}

function kerasLayer(kind: string, name: string, from: readonly string[], config: object): object {
  const inbound = from.length > 0 ? [from.map((each) => [each, 0, 0, {}])] : [];
  return { class_name: kind, name, config: { ...config, name, trainable: true }, inbound_nodes: inbound };
}
