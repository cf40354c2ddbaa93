import { findColumn, getColumn } from '../../../data/frame.ts';
import { eligibleRows } from '../../../decisions/exclusions.ts';
import { importanceFigure } from '../../../reports/figures/importance.ts';
import { scoreHistogramFigure } from '../../../reports/figures/score-histogram.ts';
import { counted, integer, percent, plainName } from '../../../reports/words.ts';
import { argsort, argsortDescending } from '../../../shared/statistics.ts';
import type { Condition, CustomerPage, CustomerQuery, Selection } from '../../explanation-contract.ts';
import type { JobRun } from '../../job.ts';
import type { ModelId } from '../../model-id.ts';
import { hitOf, idReader } from '../explain.ts';
import {
  bestModel,
  getDataset,
  getModel,
  getPrepared,
  type ScoredModel,
  type StudyHost,
  type StudyState,
} from '../state.ts';
import { attributionsOf, meanSizes } from './attributions.ts';

const scoreBins = 40;

/** Which customers are on show, and all of them as a table. */
export function selectionJobs(state: StudyState, host: StudyHost) {
  let selection: { readonly of: unknown; readonly selected: Uint8Array } | undefined;
  let ordered: { readonly scored: ScoredModel; readonly key: string; readonly rows: Uint32Array } | undefined;

  return {
    async select(
      {
        model: id = bestModel(state),
        conditions,
      }: { readonly model?: ModelId; readonly conditions: readonly Condition[] },
      run: JobRun,
    ): Promise<Selection> {
      const scored = getModel(state, id);
      const attributions = await attributionsOf(state, host, id, run.checkpoint);
      const selected = rowsThatMeet(state, scored, conditions);
      selection = { of: getPrepared(state), selected };
      ordered = undefined;
      const counts = { all: new Float64Array(scoreBins), selected: new Float64Array(scoreBins) };
      let customers = 0;
      scored.propensity.forEach((score, row) => {
        const bin = Math.min(scoreBins - 1, Math.floor(score * scoreBins));
        counts.all[bin]!++;
        counts.selected[bin]! += selected[row]!;
        customers += selected[row]!;
      });
      const positions = new Uint32Array(attributions.rows.length);
      let count = 0;
      attributions.rows.forEach((row, position) => {
        if (selected[row] === 1) positions[count++] = position;
      });
      const sizes = meanSizes(attributions, positions.subarray(0, count));
      const importance = {
        ...importanceFigure(
          attributions.names.map((feature, i) => ({ feature, importance: sizes[i]! })),
          { tone: id, measure: 'Mean |SHAP|', unit: 'log-odds' },
        ),
        id: 'importance-shown',
        title: `What moves ${conditions.length === 0 ? 'all customers' : 'those shown'}`,
      };
      return {
        ...(conditions.length === 0 ? {} : { selected }),
        customers,
        scores: scoreHistogramFigure(counts.all, conditions.length === 0 ? undefined : counts.selected, customers),
        importance,
        verdict: verdictOf(customers, selected.length, importance.series[0]?.y[0]),
      };
    },

    async customers({
      model: id = bestModel(state),
      from,
      to,
      order,
      descending,
      query = '',
      among,
    }: CustomerQuery): Promise<CustomerPage> {
      const scored = getModel(state, id);
      const key = JSON.stringify([order, descending, query, among]);
      if (ordered?.scored !== scored || ordered.key !== key) {
        const chosen =
          among === 'all'
            ? undefined
            : among === 'test'
              ? marked(getPrepared(state).splits.test, scored)
              : selection?.of === getPrepared(state)
                ? selection.selected
                : undefined;
        ordered = { scored, key, rows: orderRows(state, scored, { order, descending, query, chosen }) };
      }
      const { rows } = ordered;
      const idOf = idReader(state);
      const hits = Array.from(rows.subarray(Math.max(0, from), Math.min(to, from + 500)), (row) =>
        hitOf(state, scored, row, idOf(row)),
      );
      return { rowCount: rows.length, hits };
    },
  };
}

function marked(rows: Uint32Array, { raw }: ScoredModel): Uint8Array | undefined {
  // A study may have no test customers: then everybody is shown.
  if (rows.length === 0) return undefined;
  const marks = new Uint8Array(raw.length);
  for (const row of rows) marks[row] = 1;
  return marks;
}

/** 1 for each row that meets all conditions. */
function rowsThatMeet(state: StudyState, { propensity }: ScoredModel, conditions: readonly Condition[]): Uint8Array {
  const { frame } = getDataset(state).table;
  const { features } = getPrepared(state);
  const selected = new Uint8Array(frame.rowCount).fill(1);
  for (const condition of conditions) {
    const column =
      condition.column === 'propensity'
        ? ({ kind: 'number', name: 'propensity', values: propensity } as const)
        : (findColumn(frame, condition.column) ?? getColumn(features, condition.column));
    // An exclusion names those who meet the condition.
    const unnamed = eligibleRows({ rowCount: frame.rowCount, columns: [column] }, [condition]);
    for (let row = 0; row < selected.length; row++) if (unnamed[row] === 1) selected[row] = 0;
  }
  return selected;
}

function orderRows(
  state: StudyState,
  { propensity, probability }: ScoredModel,
  {
    order,
    descending,
    query,
    chosen,
  }: Pick<CustomerQuery, 'order' | 'descending'> & { readonly query: string; readonly chosen: Uint8Array | undefined },
): Uint32Array {
  const idOf = idReader(state);
  const wanted = query.trim().toLowerCase();
  const scores = order === 'probability' ? probability : propensity;
  const all =
    order === 'row'
      ? Uint32Array.from(propensity, (_, row) => (descending ? propensity.length - 1 - row : row))
      : descending
        ? argsortDescending(scores)
        : argsort(scores);
  if (wanted === '' && !chosen) return all;
  return all.filter(
    (row) => (!chosen || chosen[row] === 1) && (wanted === '' || idOf(row).toLowerCase().includes(wanted)),
  );
}

function verdictOf(customers: number, all: number, first: string | number | undefined): string {
  if (customers === 0) return 'No customer meets this. Widen it.';
  const who =
    customers === all
      ? `All ${integer(all)} customers`
      : `${counted(customers, 'customer')} (${percent(customers / all)})`;
  return `${who}: their scores are moved most by ${plainName(String(first ?? 'no feature'))}.`;
}
