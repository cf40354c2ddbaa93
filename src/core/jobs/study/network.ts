import type { DenseLayer } from '../../kernels/dense-training.ts';
import type { NeuralModel } from '../../models/neural/neural-model.ts';
import { weightsFigure } from '../../reports/figures/weights.ts';
import { counted, integer } from '../../reports/words.ts';
import type { NetworkLayer, NetworkSummary } from '../study-contract.ts';
import { getModel, type StudyState } from './state.ts';

export function networkJobs(state: StudyState) {
  return {
    async network(): Promise<NetworkSummary> {
      const model = getModel(state, 'neural').trained.model as NeuralModel;
      const layers = model.layers.map((layer, i) => layerOf(layer, i, model.layers.length));
      const members = 1 + (model.ensemble?.length ?? 0);
      const parameterCount = members * layers.reduce((sum, { parameters }) => sum + parameters, 0);
      const features = model.encoding.columns.length;
      const inputs = model.encoding.width;
      const hidden = layers.slice(0, -1).map(({ units }) => integer(units));
      const learned = state.prepared?.splits.train.length ?? 0;
      const each = learned > 0 ? `, ${(parameterCount / learned).toPrecision(2)} for each training customer` : '';
      const ensemble = members > 1 ? ` ${members} such networks are averaged.` : '';
      return {
        features,
        inputs,
        activation: model.activation,
        layers,
        members,
        parameterCount,
        verdict: `${counted(features, 'feature')} become ${counted(inputs, 'input')}, pass ${hidden.join(', ')} units and end in one score: ${counted(parameterCount, 'parameter')}${each}.${ensemble}`,
      };
    },
  };
}

function layerOf(layer: DenseLayer, index: number, count: number): NetworkLayer {
  const { inputs, units, weights, biases, batchNorm } = layer;
  const name = index === count - 1 ? 'Output' : `Hidden layer ${index + 1}`;
  return {
    name,
    inputs,
    units,
    // Of the normalisation, what is learned: a scale and a shift per unit.
    parameters: weights.length + biases.length + (batchNorm ? 2 * units : 0),
    normalised: batchNorm !== undefined,
    weights: weightsFigure(weights, { layer: index + 1, name }),
  };
}
