import type { BoostingEngine, Sums } from '../../kernels/boosting-engine.ts';
import type { BinnedFeature } from './binned-data.ts';
import type { Tree } from './boosting-model.ts';
import { categoricalBit, defaultLeftBit, missingNaN } from './decision.ts';
import type { GrownNode, GrownTree } from './grow-tree.ts';

export interface LeafSettings {
  readonly learningRate: number;
  readonly lambdaL1: number;
  readonly lambdaL2: number;
  readonly catL2: number;
  /** 0: no limit. */
  readonly maxDeltaStep: number;
  /** Missing type of numeric nodes: what `use_missing` and `zero_as_missing` make of numbers. */
  readonly missing: number;
}

/**
 * A leaf's contribution: −G/(H + λ₂), G shrunk by λ₁, times the learning rate. G and H are the whole steps that the
 * histograms hold, turned back into doubles: the same on any number of threads. Constraints give the output themselves.
 */
export function leafOutput(
  engine: BoostingEngine,
  { sums, isSorted }: { readonly sums: Sums; readonly isSorted: boolean },
  constrained: number | undefined,
  settings: LeafSettings,
): number {
  if (constrained !== undefined) return constrained * settings.learningRate;
  const g = sums.g / engine.gradientScale;
  const h = sums.h / engine.hessianScale + settings.lambdaL2 + (isSorted ? settings.catL2 : 0);
  const shrunk = Math.max(0, Math.abs(g) - settings.lambdaL1);
  if (shrunk === 0 || h <= 0) return 0;
  const output = (g > 0 ? -shrunk : shrunk) / h;
  const { maxDeltaStep, learningRate } = settings;
  const isClipped = maxDeltaStep > 0 && Math.abs(output) > maxDeltaStep;
  return (isClipped ? Math.sign(output) * maxDeltaStep : output) * learningRate;
}

/** The grown tree in LightGBM's layout. `bias` is folded into the values, as LightGBM folds its start into tree 0. */
export function finishTree(
  engine: BoostingEngine,
  grown: GrownTree,
  leafValues: readonly number[],
  features: readonly BinnedFeature[],
  settings: LeafSettings,
  bias: number,
): Tree {
  const { nodes, leaves } = grown;
  const sets = createSets();
  const threshold = Float64Array.from(nodes, (node) => {
    const { mapper } = features[node.feature] as BinnedFeature;
    if (mapper.kind === 'number') return mapper.upperBounds[node.split.bin] as number;
    return sets.add(leftCodes(node, mapper.codes));
  });
  return {
    leafCount: leaves.length,
    splitFeature: Int32Array.from(nodes, (node) => (features[node.feature] as BinnedFeature).index),
    threshold,
    decisionType: Uint8Array.from(nodes, (node) => {
      if (node.split.kind !== 'number') return categoricalBit | missingNaN;
      return settings.missing | (node.defaultLeft ? defaultLeftBit : 0);
    }),
    leftChild: Int32Array.from(nodes, (node) => node.left),
    rightChild: Int32Array.from(nodes, (node) => node.right),
    splitGain: Float64Array.from(nodes, (node) => node.gain),
    leafValue: Float64Array.from(leafValues, (value) => value + bias),
    leafWeight: Float64Array.from(leaves, (leaf) => leaf.sums.h / engine.hessianScale),
    leafCountRows: Int32Array.from(leaves, (leaf) => leaf.count),
    internalValue: Float64Array.from(nodes, (node) => leafOutput(engine, node, node.output, settings) + bias),
    internalWeight: Float64Array.from(nodes, (node) => node.sums.h / engine.hessianScale),
    internalCount: Int32Array.from(nodes, (node) => node.count),
    catBoundaries: sets.boundaries(),
    catThreshold: sets.words(),
    shrinkage: bias === 0 ? settings.learningRate : 1,
  };
}

/** A tree of one leaf that gives every row the same value. */
export function constantTree(value: number, rowCount: number): Tree {
  return {
    leafCount: 1,
    splitFeature: new Int32Array(0),
    threshold: new Float64Array(0),
    decisionType: new Uint8Array(0),
    leftChild: new Int32Array(0),
    rightChild: new Int32Array(0),
    splitGain: new Float64Array(0),
    leafValue: Float64Array.of(value),
    leafWeight: Float64Array.of(0),
    leafCountRows: Int32Array.of(rowCount),
    internalValue: new Float64Array(0),
    internalWeight: new Float64Array(0),
    internalCount: new Int32Array(0),
    catBoundaries: new Int32Array(0),
    catThreshold: new Uint32Array(0),
    shrinkage: 1,
  };
}

/** Category numbers (frame code + 1) on the left. */
function leftCodes({ split }: GrownNode, codes: Int32Array): number[] {
  if (split.kind === 'oneHot') return [(codes[split.bin - 1] as number) + 1];
  return Array.from(codes, (code) => code + 1).filter((_, i) => {
    const bin = i + 1;
    return ((split.set[bin >> 5] as number) >>> (bin & 31)) & 1;
  });
}

/** Bitsets of 32-bit words, one after the other. */
function createSets() {
  const boundaries = [0];
  const words: number[] = [];
  return {
    add(codes: readonly number[]): number {
      const from = words.length;
      for (const code of codes) {
        while (words.length - from <= code >> 5) words.push(0);
        const at = from + (code >> 5);
        words[at] = ((words[at] as number) | (1 << (code & 31))) >>> 0;
      }
      boundaries.push(words.length);
      return boundaries.length - 2;
    },
    boundaries: () => (boundaries.length > 1 ? Int32Array.from(boundaries) : new Int32Array(0)),
    words: () => Uint32Array.from(words),
  };
}
