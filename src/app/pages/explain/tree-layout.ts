import type { TreeView } from '../../../core/jobs/study-contract.ts';

/** A node's place on the drawing: the root to the left, every level one column further, leaves under each other. */
export interface PlacedNode {
  /** Position in `tree.nodes`. */
  readonly node: number;
  readonly x: number;
  /** Middle of its box. */
  readonly y: number;
  /** Leaves below it that are not drawn. */
  readonly folded: number;
}

export interface TreeLayout {
  readonly placed: readonly PlacedNode[];
  readonly width: number;
  readonly height: number;
  /** Deepest level that is drawn in full; all of them unless the tree is too large to be read. */
  readonly levels: number;
}

export const boxWidth = 192;
export const boxHeight = 40;
const columnWidth = boxWidth + 56;
const rowHeight = boxHeight + 12;

/** More boxes than this say nothing to anybody. */
const mostNodes = 400;

/** Lays a tree out. Of a huge one only the upper levels and the way in `path` are drawn; the rest is counted. */
export function layOutTree({ nodes, depth }: TreeView, path: readonly number[] = []): TreeLayout {
  const perLevel = new Array<number>(depth + 1).fill(0);
  for (const node of nodes) perLevel[node.depth] = (perLevel[node.depth] as number) + 1;
  let levels = 0;
  let drawn = perLevel[0] as number;
  while (levels < depth && drawn + (perLevel[levels + 1] as number) <= mostNodes) drawn += perLevel[++levels] as number;
  const onPath = new Set(path);
  const placed: PlacedNode[] = [];
  let row = 0;
  const place = (at: number): number => {
    const node = nodes[at] as TreeView['nodes'][number];
    const x = node.depth * columnWidth;
    const isFolded = node.depth >= levels && levels < depth && !onPath.has(at);
    let y: number;
    if (node.kind === 'leaf' || isFolded) y = (row++ + 0.5) * rowHeight;
    else y = (place(node.left) + place(node.right)) / 2;
    placed.push({ node: at, x, y, folded: node.kind === 'split' && isFolded ? leavesBelow(nodes, at) : 0 });
    return y;
  };
  place(0);
  const right = placed.reduce((most, { x }) => Math.max(most, x), 0);
  return { placed, width: right + boxWidth, height: row * rowHeight, levels };
}

function leavesBelow(nodes: TreeView['nodes'], root: number): number {
  let leaves = 0;
  const open = [root];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const node = nodes[at];
    if (node?.kind === 'split') open.push(node.left, node.right);
    else leaves++;
  }
  return leaves;
}
