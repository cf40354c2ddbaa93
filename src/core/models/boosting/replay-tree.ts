import { type BinSet, fillBins, hasBin, putBin } from '../../kernels/bin-set.ts';
import type { BoostingEngine } from '../../kernels/boosting-engine.ts';
import { firstBound } from '../../kernels/reference/binning.ts';
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
      fillFrom(tree, node, features[feature] as BinnedFeature, engine.leftBins(node));
      return { feature, left: tree.leftChild[node] as number, right: tree.rightChild[node] as number };
    });
    const values = Array.from(tree.leafValue, (value) => value * factor);
    engine.addTree(nodes, values, everyRow);
  };
}

/** Which bins a finished node sends left. */
function fillFrom(tree: Tree, node: number, { mapper }: BinnedFeature, left: BinSet): void {
  const type = tree.decisionType[node] as number;
  const threshold = tree.threshold[node] as number;
  if (type & categoricalBit) {
    if (mapper.kind !== 'category') throw unlike();
    const from = tree.catBoundaries[threshold] as number;
    const set = tree.catThreshold.subarray(from, tree.catBoundaries[threshold + 1]);
    left.fill(0);
    mapper.codes.forEach((code, index) => putBin(left, index + 1, hasBin(set, code + 1)));
    return;
  }
  if (mapper.kind !== 'number') throw unlike();
  const bin = firstBound(mapper.upperBounds, threshold);
  if (mapper.upperBounds[bin] !== threshold) throw unlike();
  fillBins(left, bin + 1);
  putBin(left, mapper.upperBounds.length, (type & defaultLeftBit) !== 0);
}

function unlike(): StudioError {
  return new StudioError('model.format', 'The saved trees were not grown on these rows and features.', {
    fix: 'Resume with the same data, split and parameters, or train anew.',
  });
}
