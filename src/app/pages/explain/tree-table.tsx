import type { TreeView } from '../../../core/jobs/study-contract.ts';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatInteger, formatNumber } from '../../format.ts';
import { signed } from './tree-path.tsx';

/** The same tree for those who read rather than look: one row for each question and each leaf, from the top. */
export function TreeTable({
  tree,
  path,
  shown,
}: {
  tree: TreeView;
  path: readonly number[];
  shown: readonly number[];
}) {
  const isShown = new Set(shown);
  const onPath = new Set(path);
  const rows = inReadingOrder(tree).filter((at) => isShown.has(at));
  const nodeOf = (at: number) => tree.nodes[at] as TreeView['nodes'][number];
  return (
    <PlainTable
      label={`Tree ${tree.index + 1} as a table`}
      maxHeight={560}
      rows={rows}
      rowKey={(at) => at}
      columns={[
        {
          title: 'Level',
          number: true,
          renderCell: (at) => nodeOf(at).depth,
        },
        {
          title: 'Reached by',
          renderCell: (at) => {
            const parent = tree.nodes[nodeOf(at).parent];
            if (parent?.kind !== 'split') return 'everybody';
            return parent.left === at ? 'yes' : 'no';
          },
        },
        {
          title: 'Question, or what the leaf adds',
          renderCell: (at) => {
            const node = nodeOf(at);
            const words = node.kind === 'leaf' ? `leaf ${node.leaf}: ${signed(node.value)}` : `${node.question}?`;
            return (
              <span style={{ paddingLeft: 12 * node.depth, whiteSpace: 'nowrap' }}>
                {onPath.has(at) ? <strong>{words} ←</strong> : words}
              </span>
            );
          },
        },
        {
          title: 'If missing',
          renderCell: (at) => {
            const node = nodeOf(at);
            return node.kind === 'leaf' ? '' : node.missing === 'left' ? 'yes' : 'no';
          },
        },
        {
          title: 'Customers',
          number: true,
          sort: (at) => nodeOf(at).count,
          renderCell: (at) => formatInteger(nodeOf(at).count),
        },
        {
          title: 'Gain',
          number: true,
          sort: (at) => gainOf(nodeOf(at)),
          renderCell: (at) => (nodeOf(at).kind === 'leaf' ? '' : formatNumber(gainOf(nodeOf(at)))),
        },
        { title: 'Value', number: true, sort: (at) => nodeOf(at).value, renderCell: (at) => signed(nodeOf(at).value) },
      ]}
    />
  );
}

const gainOf = (node: TreeView['nodes'][number]): number => (node.kind === 'split' ? node.gain : 0);

/** Each node before its children, the "yes" side first. */
function inReadingOrder({ nodes }: TreeView): number[] {
  const order: number[] = [];
  const open = [0];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    order.push(at);
    const node = nodes[at];
    if (node?.kind === 'split') open.push(node.right, node.left);
  }
  return order;
}
