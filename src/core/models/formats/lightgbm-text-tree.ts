import type { StudioError } from '../../shared/errors.ts';
import type { Tree } from '../boosting/boosting-model.ts';
import { categoricalBit, missingMask } from '../boosting/decision.ts';
import type { Fields } from './lightgbm-text-fields.ts';
import { refuse, split } from './lightgbm-text-fields.ts';

/** One tree block: lengths, ranges and links checked. */
export function readTree(fields: Fields, featureCount: number, place: string): Tree {
  const bad = (what: string): StudioError => refuse(`${place}: ${what}`);
  const one = (key: string): number => readNumber(fields.get(key) ?? '', key, bad);
  const leafCount = one('num_leaves');
  const valueCount = split(fields.get('leaf_value')).length;
  if (!Number.isInteger(leafCount) || leafCount < 1 || leafCount !== valueCount) {
    throw bad(`num_leaves is ${leafCount}, but ${valueCount} leaf values stand there`);
  }
  if ((fields.get('is_linear') ?? '0') !== '0') throw bad('linear trees are not supported');
  const innerCount = leafCount - 1;
  const list = (key: string, length: number, optional = false): number[] => {
    const parts = split(fields.get(key));
    if (optional && parts.length === 0) return Array.from({ length }, () => 0);
    if (parts.length !== length) throw bad(`${key} has ${parts.length} numbers, expected ${length}`);
    return parts.map((part) => readNumber(part, key, bad));
  };
  const integers = (key: string, length: number, low: number, high: number, optional = false): number[] => {
    const numbers = list(key, length, optional);
    for (const value of numbers) {
      if (!Number.isInteger(value) || value < low || value > high) throw bad(`${key} holds ${value}`);
    }
    return numbers;
  };
  const setCount = fields.has('num_cat') ? one('num_cat') : 0;
  if (!Number.isInteger(setCount) || setCount < 0 || setCount > innerCount) throw bad(`num_cat is ${setCount}`);
  const wordCount = split(fields.get('cat_threshold')).length;
  const tree: Tree = {
    leafCount,
    splitFeature: Int32Array.from(integers('split_feature', innerCount, 0, featureCount - 1)),
    threshold: Float64Array.from(list('threshold', innerCount)),
    decisionType: Uint8Array.from(integers('decision_type', innerCount, 0, 11, true)),
    leftChild: Int32Array.from(integers('left_child', innerCount, -leafCount, innerCount - 1)),
    rightChild: Int32Array.from(integers('right_child', innerCount, -leafCount, innerCount - 1)),
    splitGain: Float64Array.from(list('split_gain', innerCount, true)),
    leafValue: Float64Array.from(list('leaf_value', leafCount)),
    leafWeight: Float64Array.from(list('leaf_weight', leafCount, true)),
    leafCountRows: Int32Array.from(integers('leaf_count', leafCount, 0, 0x7fffffff, true)),
    internalValue: Float64Array.from(list('internal_value', innerCount, true)),
    internalWeight: Float64Array.from(list('internal_weight', innerCount, true)),
    internalCount: Int32Array.from(integers('internal_count', innerCount, 0, 0x7fffffff, true)),
    catBoundaries: Int32Array.from(setCount ? integers('cat_boundaries', setCount + 1, 0, wordCount) : []),
    catThreshold: Uint32Array.from(setCount ? integers('cat_threshold', wordCount, 0, 0xffffffff) : []),
    shrinkage: fields.has('shrinkage') ? one('shrinkage') : 1,
  };
  checkTree(tree, bad);
  return tree;
}

function readNumber(text: string, key: string, bad: (what: string) => StudioError): number {
  if (text === 'inf' || text === 'Infinity') return Number.POSITIVE_INFINITY;
  if (text === '-inf' || text === '-Infinity') return Number.NEGATIVE_INFINITY;
  const value = /^[-+.\deE]+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw bad(`${key} holds "${text.slice(0, 40)}", not a number`);
  return value;
}

function checkTree(tree: Tree, bad: (what: string) => StudioError): void {
  if (!tree.leafValue.every(Number.isFinite)) throw bad('a leaf value is not finite');
  const boundaries = tree.catBoundaries;
  for (let set = 0; set + 1 < boundaries.length; set++) {
    if ((boundaries[set] as number) >= (boundaries[set + 1] as number)) throw bad('cat_boundaries do not rise');
  }
  tree.decisionType.forEach((type, node) => {
    const value = tree.threshold[node] as number;
    if ((type & missingMask) === missingMask) throw bad(`decision_type holds ${type}`);
    if (type & categoricalBit && !(Number.isInteger(value) && value >= 0 && value < boundaries.length - 1)) {
      throw bad(`node ${node} names category set ${value} of ${Math.max(0, boundaries.length - 1)}`);
    }
  });
  checkLinks(tree, bad);
}

/** From the root every node and every leaf is reached exactly once: no cycle, nothing shared, nothing left over. */
function checkLinks(tree: Tree, bad: (what: string) => StudioError): void {
  if (tree.leafCount < 2) return;
  const seenNode = new Uint8Array(tree.leafCount - 1);
  const seenLeaf = new Uint8Array(tree.leafCount);
  const open = [0];
  let reached = 0;
  while (open.length > 0) {
    const link = open.pop() as number;
    const seen = link < 0 ? seenLeaf : seenNode;
    const index = link < 0 ? ~link : link;
    if (seen[index]) throw bad(`${link < 0 ? 'leaf' : 'node'} ${index} has two parents`);
    seen[index] = 1;
    reached++;
    if (link >= 0) open.push(tree.rightChild[link] as number, tree.leftChild[link] as number);
  }
  if (reached !== 2 * tree.leafCount - 1) throw bad(`${2 * tree.leafCount - 1 - reached} nodes hang loose`);
}
