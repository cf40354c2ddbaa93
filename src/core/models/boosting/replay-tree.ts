import type { BoostingEngine } from '../../kernels/boosting-engine.ts';
import { StudioError } from '../../shared/errors.ts';
import type { BinnedFeature } from './binned-data.ts';
import type { Tree } from './boosting-model.ts';
import { categoricalBit, defaultLeftBit } from './decision.ts';

/**
 * Adds `factor` times a finished tree to the scores of all rows, training and validation. The tree was grown on these
 * very bins, so that its thresholds are their bounds and each row meets the leaf it met then.
 */
export type ReplayTree = (tree: Tree, factor?: number) => void;

/** Replays trees on an engine that holds no tree in growth: their tables take the place of the growing tree's. */
export function createReplay(
  engine: BoostingEngine,
  features: readonly BinnedFeature[],
  trainingRows: number,
): ReplayTree {
  const at = new Map(features.map(({ index }, position) => [index, position]));
  const everyRow = Uint32Array.from({ length: trainingRows }, (_, row) => row);
  return (tree, factor = 1) => {
    if (tree.leafCount < 2) {
      const value = (tree.leafValue[0] as number) * factor;
      const scores = engine.scores();
      for (let row = 0; row < scores.length; row++) scores[row] = (scores[row] as number) + value;
      return;
    }
    const nodes = Array.from(tree.splitFeature, (index, node) => {
      const feature = at.get(index);
      if (feature === undefined) throw unlike();
      fillFrom(tree, node, features[feature] as BinnedFeature, engine.tableOf(node));
      return { feature, left: tree.leftChild[node] as number, right: tree.rightChild[node] as number };
    });
    const values = Array.from(tree.leafValue, (value) => value * factor);
    engine.addTree(nodes, values, everyRow);
  };
}

/** Which bins a finished node sends left. */
function fillFrom(tree: Tree, node: number, { mapper }: BinnedFeature, table: Uint8Array): void {
  const type = tree.decisionType[node] as number;
  const threshold = tree.threshold[node] as number;
  table.fill(0);
  if (type & categoricalBit) {
    if (mapper.kind !== 'category') throw unlike();
    const from = tree.catBoundaries[threshold] as number;
    const words = (tree.catBoundaries[threshold + 1] as number) - from;
    mapper.codes.forEach((code, index) => {
      const number = code + 1;
      if (number >> 5 < words)
        table[index + 1] = ((tree.catThreshold[from + (number >> 5)] as number) >>> (number & 31)) & 1;
    });
    return;
  }
  if (mapper.kind !== 'number') throw unlike();
  const bin = mapper.upperBounds.indexOf(threshold);
  if (bin < 0) throw unlike();
  table.fill(1, 0, bin + 1);
  table[mapper.upperBounds.length] = type & defaultLeftBit ? 1 : 0;
}

function unlike(): StudioError {
  return new StudioError('model.format', 'The saved trees were not grown on these rows and features.', {
    fix: 'Resume with the same data, split and parameters, or train anew.',
  });
}
