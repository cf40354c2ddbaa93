import { NumberInput, SegmentedControl } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import type { TreeAnswer, TreeView } from '../../../core/jobs/study-contract.ts';
import { Failure } from '../../components/failure.tsx';
import { formatInteger } from '../../format.ts';
import { useChoice, useParam } from '../../shell/view.ts';
import { useActions, useStudio } from '../../studio-context.ts';
import { TreeDrawing } from './tree-drawing.tsx';
import { layOutTree } from './tree-layout.ts';
import { TreeTable } from './tree-table.tsx';
import { signed, TreePath } from './tree-path.tsx';

/** Any tree of a model, with the way that a customer takes through it: drawn, and as a table. */
export default function TreeViewer({ model, row, customer }: { model: ModelId; row: string; customer: string }) {
  const [asked, setAsked] = useParam('tree', '1');
  const [shape, setShape] = useChoice('as', ['drawing', 'table']);
  const index = Math.max(0, Math.floor(Number(asked)) - 1 || 0);
  const answer = useTree(model, index, row);
  const path = useMemo(() => answer?.path?.map(({ node }) => node) ?? [], [answer]);
  const layout = useMemo(() => answer && layOutTree(answer.tree, path), [answer, path]);
  return (
    <div className="stack close">
      <div className="row end">
        <NumberInput
          className="field-width"
          label={answer ? `Tree, of ${formatInteger(answer.treeCount)}` : 'Tree'}
          min={1}
          max={answer?.treeCount ?? 1}
          clampBehavior="strict"
          value={index + 1}
          onChange={(value) => typeof value === 'number' && value >= 1 && setAsked(String(value))}
        />
        <SegmentedControl
          aria-label="Show the tree as"
          value={shape}
          onChange={setShape}
          data={[
            { value: 'drawing', label: 'Drawing' },
            { value: 'table', label: 'Table' },
          ]}
        />
      </div>
      <Failure of="tree" />
      {answer && layout && (
        <>
          <p>{treeWords(answer, customer)}</p>
          {layout.levels < answer.tree.depth && (
            <p className="muted small">
              Drawn to level {layout.levels} of {answer.tree.depth}, and along the customer's way; the rest is counted.
            </p>
          )}
          {shape === 'table' ? (
            <TreeTable tree={answer.tree} path={path} shown={layout.placed.map(({ node }) => node)} />
          ) : (
            <TreeDrawing tree={answer.tree} layout={layout} path={path} />
          )}
          {answer.path && <TreePath tree={answer.tree} path={answer.path} customer={customer} />}
        </>
      )}
    </div>
  );
}

function treeWords({ tree, path }: TreeAnswer, customer: string): string {
  const { nodes, leafCount, depth, index } = tree;
  const root = nodes[0] as TreeView['nodes'][number];
  const rows = root.count > 0 ? ` ${formatInteger(root.count)} training customers came in at the top.` : '';
  if (root.kind === 'leaf') return `Tree ${index + 1} asks nothing: it adds ${signed(root.value)} for everybody.`;
  const leaf = path && nodes[path.at(-1)?.node ?? -1];
  const added = leaf ? ` ${customer} ends where it adds ${signed(leaf.value)} to the log-odds.` : '';
  return `Tree ${index + 1} has ${leafCount} leaves, ${depth} questions deep; it asks first whether ${root.question}.${rows}${added}`;
}

function useTree(model: ModelId, index: number, row: string): TreeAnswer | undefined {
  const { host } = useStudio();
  const { run } = useActions();
  const [answer, setAnswer] = useState<TreeAnswer>();
  useEffect(() => {
    let current = true;
    const given = row === '' ? {} : { row: Number(row) };
    void run('tree', 'Fetching a tree', (options) => host.study.tree({ model, index, ...given }, options)).then(
      (found) => current && found && setAnswer(found),
    );
    return () => {
      current = false;
    };
  }, [host, run, model, index, row]);
  return answer;
}
