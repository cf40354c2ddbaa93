import type { Tree } from '../boosting/boosting-model.ts';
import { refuse } from './lightgbm-text-fields.ts';

/** Explanations go down a tree by recursion. */
const deepest = 2000;

/**
 * From the root every node and every leaf is reached exactly once: no cycle, nothing shared, nothing left over. Returns
 * the most decisions on the way to a leaf.
 */
export function checkLinks({ leafCount, leftChild, rightChild }: Tree, place: string, row: number): number {
  if (leafCount < 2) return 0;
  const depthOf = new Int32Array(leafCount - 1);
  const seenLeaf = new Uint8Array(leafCount);
  const open = new Int32Array(leafCount);
  let waiting = 1;
  let reached = 1;
  let depth = 1;
  depthOf[0] = 1;
  while (waiting > 0) {
    const node = open[--waiting] as number;
    const below = (depthOf[node] as number) + 1;
    for (const link of [leftChild[node] as number, rightChild[node] as number]) {
      const isLeaf = link < 0;
      if (isLeaf ? seenLeaf[~link] : depthOf[link]) {
        throw refuse(`${place}: ${isLeaf ? `leaf ${~link}` : `node ${link}`} is reached twice`, row, 'left_child');
      }
      reached++;
      if (isLeaf) {
        seenLeaf[~link] = 1;
        continue;
      }
      depthOf[link] = below;
      depth = Math.max(depth, below);
      open[waiting++] = link;
    }
  }
  const loose = 2 * leafCount - 1 - reached;
  if (loose > 0) throw refuse(`${place}: ${loose} nodes cannot be reached from the root`, row, 'left_child');
  if (depth > deepest) throw refuse(`${place} is ${depth} splits deep, at most ${deepest} are read`, row, 'left_child');
  return depth;
}
