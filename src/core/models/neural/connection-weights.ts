import type { NeuralModel } from './neural-model.ts';
import { normScale } from './score-neural.ts';

/**
 * Importance from the weights alone: for each input, the products of |weight| along every path to the output, added up
 * (after Garson 1991, with batch normalisation folded in), times the input's spread in training; a feature takes the root
 * of the summed squares of its inputs. Cheap, blind to sign and to what ReLU shuts: a first look, not an attribution.
 */
export function connectionImportance(
  model: NeuralModel,
): readonly { readonly feature: string; readonly importance: number }[] {
  let reach: Float64Array<ArrayBufferLike> = Float64Array.of(1);
  for (const layer of model.layers.toReversed()) {
    const next = reach;
    reach = new Float64Array(layer.inputs);
    for (let i = 0; i < layer.inputs; i++) {
      let sum = 0;
      for (let j = 0; j < layer.units; j++) {
        const weight = (layer.weights[i * layer.units + j] as number) * normScale(layer, j);
        sum += Math.abs(weight) * (next[j] as number);
      }
      reach[i] = sum;
    }
  }
  const inputImportance = (slot: number) => (reach[slot] as number) * (model.spread[slot] as number);
  return model.encoding.columns.map((column) => {
    const inputs = column.kind === 'category' ? column.levels.length : column.missingIndicator ? 2 : 1;
    let squares = 0;
    for (let slot = column.slot; slot < column.slot + inputs; slot++)
      squares += inputImportance(slot) * inputImportance(slot);
    return { feature: column.name, importance: Math.sqrt(squares) };
  });
}
