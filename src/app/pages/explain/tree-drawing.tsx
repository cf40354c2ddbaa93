import { ActionIcon } from '@mantine/core';
import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import { useLayoutEffect, useRef, useState } from 'react';
import type { TreeView } from '../../../core/jobs/study-contract.ts';
import { formatInteger, formatNumber } from '../../format.ts';
import { boxHeight, boxWidth, type PlacedNode, type TreeLayout } from './tree-layout.ts';
import { signed } from './tree-path.tsx';
import { useZoom } from './use-zoom.ts';

const padding = 16;

/**
 * The tree, root to the left. The frame scrolls by touch, wheel, drag and arrow keys; plus, minus and a pinch zoom, 0 fits
 * it. The thicker a line, the more training customers went that way.
 */
export function TreeDrawing({ tree, layout, path }: { tree: TreeView; layout: TreeLayout; path: readonly number[] }) {
  const frame = useRef<HTMLElement>(null);
  const width = layout.width + 2 * padding;
  const height = layout.height + 2 * padding;
  const { scale, zoom, fit } = useZoom(frame, width, height);
  const [chosen, setChosen] = useState<number>();
  const at = new Map(layout.placed.map((placed) => [placed.node, placed]));
  const onPath = new Set(path);
  const total = Math.max(1, tree.nodes[0]?.count ?? 1);
  const rootY = at.get(0)?.y ?? 0;

  // A new tree begins with its root in sight.
  useLayoutEffect(() => {
    const element = frame.current;
    if (element) element.scrollTo(0, (rootY + padding) * scale - element.clientHeight / 2);
    setChosen(undefined);
    // The scale only changes the view that a person has chosen since.
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- see above
  }, [tree, rootY]);

  return (
    <div className="tree-drawing">
      <section
        ref={frame}
        className="tree-frame"
        tabIndex={0}
        aria-label={`Drawing of tree ${tree.index + 1}. Arrow keys move it, plus and minus zoom, 0 fits it. The same as a table is a click above.`}
        style={{ height: Math.min(620, Math.max(160, height * scale + 2)) }}
      >
        <svg
          width={width * scale}
          height={height * scale}
          viewBox={`${-padding} ${-padding} ${width} ${height}`}
          role="img"
          aria-label={`Tree ${tree.index + 1} with ${tree.leafCount} leaves`}
        >
          {layout.placed.map((placed) => {
            const node = tree.nodes[placed.node];
            if (node?.kind !== 'split' || placed.folded > 0) return null;
            return [node.left, node.right].map((child) => {
              const to = at.get(child);
              if (!to) return null;
              const isYes = child === node.left;
              const isWay = onPath.has(placed.node) && onPath.has(child);
              const share = (tree.nodes[child]?.count ?? 0) / total;
              return (
                <g key={child} className={isWay ? 'way' : ''}>
                  <path d={edge(placed, to)} className="edge" strokeWidth={1 + 7 * Math.sqrt(share)} />
                  <text x={to.x - 6} y={to.y - 7} textAnchor="end" className="answer">
                    {isYes ? 'yes' : 'no'}
                    {(node.missing === 'left') === isYes ? ', or missing' : ''}
                  </text>
                </g>
              );
            });
          })}
          {layout.placed.map((placed) => (
            <Box
              key={placed.node}
              tree={tree}
              placed={placed}
              isWay={onPath.has(placed.node)}
              isChosen={chosen === placed.node}
              onChoose={() => setChosen(chosen === placed.node ? undefined : placed.node)}
            />
          ))}
        </svg>
      </section>
      <div className="tree-zoom">
        <ActionIcon variant="default" size={32} aria-label="Zoom in" onClick={() => zoom(1.25)}>
          <IconPlus size={16} />
        </ActionIcon>
        <ActionIcon variant="default" size={32} aria-label="Zoom out" onClick={() => zoom(0.8)}>
          <IconMinus size={16} />
        </ActionIcon>
        <ActionIcon variant="default" size={32} aria-label="Fit the whole tree" onClick={fit}>
          <IconMaximize size={16} />
        </ActionIcon>
      </div>
      <p className="small tree-note">
        {chosen === undefined ? 'Click a box to read it in full.' : wordsOf(tree, chosen)}
      </p>
    </div>
  );
}

function Box({
  tree,
  placed,
  isWay,
  isChosen,
  onChoose,
}: {
  tree: TreeView;
  placed: PlacedNode;
  isWay: boolean;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const node = tree.nodes[placed.node];
  if (!node) return null;
  const { x, y, folded } = placed;
  const top = y - boxHeight / 2;
  const side = node.kind === 'split' ? 'split' : node.value > 0 ? 'leaf raises' : 'leaf lowers';
  const customers = node.count > 0 ? `${formatInteger(node.count)} customers` : '';
  return (
    // The table beside it is what the keyboard and a screen reader use.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- see above
    <g className={`box ${side} ${isWay ? 'way' : ''} ${isChosen ? 'chosen' : ''}`} onClick={onChoose}>
      <title>{wordsOf(tree, placed.node)}</title>
      <rect x={x} y={top} width={boxWidth} height={boxHeight} rx={4} />
      <text x={x + 10} y={top + 16} className="first">
        {node.kind === 'leaf' ? signed(node.value) : shorten(node.question, 24)}
      </text>
      <text x={x + 10} y={top + 32} className="second">
        {folded > 0
          ? `… ${formatInteger(folded)} leaves below`
          : node.kind === 'leaf'
            ? customers
            : [customers, `gain ${formatNumber(node.gain)}`].filter(Boolean).join(' · ')}
      </text>
    </g>
  );
}

function wordsOf(tree: TreeView, at: number): string {
  const node = tree.nodes[at];
  if (!node) return '';
  const customers = node.count > 0 ? `${formatInteger(node.count)} training customers. ` : '';
  if (node.kind === 'leaf') return `Leaf ${node.leaf} adds ${signed(node.value)} to the log-odds. ${customers}`;
  const levels = node.levels ? ` (${node.levels.join(', ')})` : '';
  return `${node.question}?${levels} Missing values count as ${node.missing === 'left' ? 'yes' : 'no'}. ${customers}Gain ${formatNumber(node.gain)}; as a leaf it would add ${signed(node.value)}.`;
}

function edge(from: PlacedNode, to: PlacedNode): string {
  const x = from.x + boxWidth;
  const bend = (to.x - x) / 2;
  return `M${x} ${from.y}C${x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`;
}

/** The middle goes: the name's beginning and the threshold are what is read. */
function shorten(words: string, most: number): string {
  if (words.length <= most) return words;
  const tail = words.match(/ (≤|is) .*$/)?.[0] ?? '';
  const end = tail.length < most - 8 ? tail : `${tail.slice(0, most - 9)}…`;
  return `${words.slice(0, most - end.length - 1)}…${end}`;
}
