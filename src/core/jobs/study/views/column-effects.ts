import { type Column, formatDay, takeRows } from '../../../data/frame.ts';
import {
  accumulatedLocalEffects,
  type AnswerWith,
  partialDependence,
  quantileEdges,
} from '../../../explanation/column-effect.ts';
import {
  accumulatedFigure,
  individualFigure,
  partialDependenceFigure,
} from '../../../reports/figures/column-effect.ts';
import { number, percent } from '../../../reports/words.ts';
import { partOf } from '../../../shared/checkpoint.ts';
import type { ColumnEffect } from '../../explanation-contract.ts';
import type { JobRun } from '../../job.ts';
import type { ModelId } from '../../model-id.ts';
import { bestModel, everyNth, getModel, getPrepared, type StudyHost, type StudyState } from '../state.ts';
import {
  columnOf,
  featuresOf,
  numbersOf,
  probabilityOf,
  rawRows,
  rawScoresOf,
  withValues,
  wordsOf,
} from './changed-rows.ts';

/** Test customers that are asked. */
const askedRows = 1_000;
const gridPoints = 24;
const singleRows = 60;
const intervals = 20;
const mostLevels = 15;

export function columnEffectJobs(state: StudyState, host: StudyHost) {
  return {
    async columnEffect(
      { model: id = bestModel(state), column: name }: { readonly model?: ModelId; readonly column: string },
      run: JobRun,
    ): Promise<ColumnEffect> {
      const scored = getModel(state, id);
      const { splits, features } = getPrepared(state);
      const rows = everyNth(splits.test.length > 0 ? splits.test : splits.train, askedRows);
      const { column, isRaw } = columnOf(state, name);
      const base = isRaw ? rawRows(state, rows) : undefined;
      const featureRows = isRaw ? undefined : takeRows(features, rows);
      let asked = 0;
      const answer: AnswerWith = async (positions, values) => {
        await run.checkpoint({ fraction: Math.min(0.95, asked++ / (gridPoints + 2)), stage: `Changing ${name}` });
        const isAll = positions.length === rows.length;
        const changed = base
          ? featuresOf(state, {
              frame: withValues(isAll ? base.frame : takeRows(base.frame, positions), name, values),
              ...(base.asOf === undefined
                ? {}
                : {
                    asOf:
                      typeof base.asOf === 'number'
                        ? base.asOf
                        : Float64Array.from(positions, (i) => (base.asOf as Float64Array)[i]!),
                  }),
            })
          : withValues(isAll ? featureRows! : takeRows(featureRows!, positions), name, values);
        return probabilityOf(scored, await rawScoresOf(host, scored, changed));
      };
      const positions = Uint32Array.from(rows, (_, position) => position);
      const all = numbersOf(column);
      const values = Float64Array.from(rows, (row) => all[row]!);
      const grid = gridOf(column, values);
      const singles = [...everyNth(positions, singleRows)];
      const { average, individual } = await partialDependence(answer, positions, grid, singles);
      const axis = axisOf(state, name, column, grid);
      const known = values.filter((value) => !Number.isNaN(value));
      const accumulated =
        column.kind === 'category'
          ? undefined
          : await accumulatedLocalEffects(answer, positions, values, quantileEdges(known, intervals));
      await partOf(run.checkpoint, 0.9, 1)({ fraction: 1, stage: 'Drawing' });
      const places = Array.from(grid, axis.place);
      return {
        column: name,
        partialDependence: partialDependenceFigure(axis, places, average, { tone: id, customers: rows.length }),
        individual: individualFigure(axis, places, individual, average, { tone: id }),
        ...(accumulated && accumulated.edges.length > 1
          ? {
              accumulated: accumulatedFigure(axis, Array.from(accumulated.edges, axis.place), accumulated.effects, {
                tone: id,
                customers: rows.length,
              }),
            }
          : {}),
        verdict: verdictOf(axis.title, places, average),
      };
    },
  };
}

function gridOf(column: Column, values: Float64Array): Float64Array {
  if (column.kind === 'category') {
    const counts = new Float64Array(column.levels.length);
    for (const code of values) if (!Number.isNaN(code)) counts[code]!++;
    const present = column.levels.map((_, code) => code).filter((code) => counts[code]! > 0);
    return Float64Array.from(present.sort((a, b) => counts[b]! - counts[a]!).slice(0, mostLevels));
  }
  const known = values.filter((value) => !Number.isNaN(value));
  return quantileEdges(known, gridPoints - 1, 0.01, 0.99);
}

/** How values of a column stand on an axis: numbers as they are, days as days before the snapshot, codes as levels. */
function axisOf(state: StudyState, name: string, column: Column, grid: Float64Array) {
  const title = wordsOf(state, name);
  if (column.kind === 'category') {
    return { id: name, title, isCategory: true, place: (code: number): number | string => column.levels[code] ?? '–' };
  }
  if (column.kind === 'date')
    return { id: name, title, isCategory: true, place: (day: number) => formatDay(Math.floor(day)) };
  const [first, last] = [grid[0], grid.at(-1)];
  return {
    id: name,
    title,
    isCategory: false,
    place: (value: number): number | string => value,
    ...(first !== undefined && last !== undefined && last > first ? { range: [first, last] as const } : {}),
  };
}

function verdictOf(title: string, places: readonly (number | string)[], average: Float64Array): string {
  let [least, most] = [0, 0];
  average.forEach((value, i) => {
    if (value < average[least]!) least = i;
    if (value > average[most]!) most = i;
  });
  const words = (place: number | string | undefined) =>
    place === undefined ? 'no value' : typeof place === 'number' ? number(place) : place;
  const range = (average[most] ?? 0) - (average[least] ?? 0);
  if (range < 0.0005) return `${title}: the model’s estimate hardly changes with it, all else as it is.`;
  return `${title}: were it ${words(places[most])} for everybody and all else as it is, the model would estimate ${percent(average[most]!)}; at ${words(places[least])}, ${percent(average[least]!)}. This is what the model sees, not what would happen if you changed it.`;
}
