import { cellAt, findColumn, getColumn, sliceRows } from '../../../data/frame.ts';
import { type CandidateChange, findCounterfactuals } from '../../../explanation/counterfactuals.ts';
import { nearestRows } from '../../../explanation/nearest-rows.ts';
import { rawValueWords } from '../../../explanation/raw-value.ts';
import { reasonsNote } from '../../../explanation/reasons.ts';
import { inUnit } from '../../../explanation/units.ts';
import { waterfallFigure, waterfallUnits } from '../../../reports/figures/waterfall.ts';
import { counted, number, percent } from '../../../reports/words.ts';
import { bandNames, bandOf, defaultCutoffs } from '../../../scoring/cutoffs.ts';
import { StudioError } from '../../../shared/errors.ts';
import { quantiles } from '../../../shared/statistics.ts';
import type { Changes, Counterfactuals, CustomerColumn, Neighbours, WhatIf } from '../../explanation-contract.ts';
import type { JobRun } from '../../job.ts';
import type { ModelId } from '../../model-id.ts';
import { hitOf, idReader } from '../explain.ts';
import { explainerOf } from '../explainers.ts';
import { averageOf } from '../explanation-views.ts';
import { bestModel, getDataset, getModel, getPrepared, type StudyHost, type StudyState } from '../state.ts';
import { candidatesOf, type ChangedValue } from './candidates.ts';
import { changeCustomers, type CustomerColumnState, customerColumnStates, dayOf } from './customer-columns.ts';
import { featuresOf, probabilityOf, rawRows, rawScoresOf, shownPropensity } from './changed-rows.ts';

const neighbourCount = 8;

/** One customer changed, and those like them. */
export function oneCustomerJobs(state: StudyState, host: StudyHost) {
  return {
    async customerColumns({ row }: { readonly row: number }): Promise<readonly CustomerColumn[]> {
      return customerColumnStates(state).map(({ schema, column, min, max, changeable }) => ({
        name: schema.name,
        description: schema.description || schema.name,
        unit: schema.unit ?? '',
        kind: column.kind as CustomerColumn['kind'],
        value: cellAt(column, row),
        ...(column.kind === 'category' ? { levels: column.levels } : { min, max }),
        integer: schema.integer === true,
        changeable,
      }));
    },

    async whatIf(
      {
        model: id = bestModel(state),
        row,
        changes,
      }: { readonly model?: ModelId; readonly row: number; readonly changes: Changes },
      _run: JobRun,
    ): Promise<WhatIf> {
      const scored = getModel(state, id);
      const before = sliceRows(getPrepared(state).features, row, row + 1);
      const after = featuresOf(state, changeCustomers(rawRows(state, Uint32Array.of(row)), [changes]));
      const explanation = explainerOf(state, scored)(after, 0);
      const raw = Float64Array.of(explanation.rawScore);
      const propensity = shownPropensity(scored, raw)[0]!;
      const probability = probabilityOf(scored, raw)[0]!;
      const shown = inUnit(explanation, 'probability', scored);
      const { recipe } = getPrepared(state);
      const words = new Map(recipe.features.map(({ name, description }) => [name, description]));
      const features = recipe.features.flatMap(({ name }) => {
        const [old, now] = [cellAt(getColumn(before, name), 0), cellAt(getColumn(after, name), 0)];
        return Object.is(old, now) ? [] : [{ name, before: cellWords(old), after: cellWords(now) }];
      });
      const wasProbability = scored.probability[row]!;
      return {
        before: { propensity: scored.propensity[row]!, probability: wasProbability },
        after: { propensity, probability, band: bandNames[bandOf(propensity, defaultCutoffs)] },
        features,
        waterfall: waterfallFigure(
          shown.base,
          explanation.attributions.map(({ feature }, i) => ({
            label: `${words.get(feature) ?? feature} = ${cellWords(cellAt(getColumn(after, feature), 0))}`,
            attribution: shown.attributions[i]!,
          })),
          { unit: waterfallUnits.probability, average: averageOf(state, scored, 'probability') },
        ),
        sentence:
          Object.keys(changes).length === 0
            ? `As the customer is, the estimate is ${percent(wasProbability)}. Change a value to see what the model would see.`
            : `With ${counted(Object.keys(changes).length, 'change')} the model’s estimate goes from ${percent(wasProbability)} to ${percent(probability)}, the propensity score from ${number(scored.propensity[row]!)} to ${number(propensity)}. ${reasonsNote}`,
      };
    },

    async counterfactuals(
      {
        model: id = bestModel(state),
        row,
        cut,
      }: { readonly model?: ModelId; readonly row: number; readonly cut: number },
      run: JobRun,
    ): Promise<Counterfactuals> {
      const scored = getModel(state, id);
      const columns = customerColumnStates(state);
      const says = columns.some(({ changeable }) => changeable !== null);
      const open = columns.filter(({ changeable }) => !says || changeable === true);
      const candidates = candidatesOf(open, getPrepared(state).splits.train, row);
      const isAbove = scored.propensity[row]! >= cut;
      const customer = rawRows(state, Uint32Array.of(row));
      let round = 0;
      const found = await findCounterfactuals(
        candidates,
        async (sets) => {
          await run.checkpoint({ fraction: Math.min(0.9, round++ / 3), stage: 'Trying changes' });
          const rows = changeCustomers(customer, sets.map(changesOf));
          return shownPropensity(scored, await rawScoresOf(host, scored, featuresOf(state, rows)));
        },
        (propensity) => (isAbove ? propensity < cut : propensity >= cut),
        (propensity) => (isAbove ? -propensity : propensity),
      );
      const day = dayOf(state, row);
      const byName = new Map(open.map((each) => [each.schema.name, each]));
      return {
        found: found.map(({ changes, answer, cost }) => ({
          changes: changes.map(({ column, value }) => {
            const of = byName.get(column)!;
            return {
              column,
              description: of.schema.description || column,
              from: rawValueWords(of.schema, of.column, row, day),
              to: rawValueWords(of.schema, changedColumn(of, value), 0, day),
              value,
            };
          }),
          propensity: answer,
          cost,
        })),
        sentence: counterfactualWords(found.length, found[0]?.changes.length ?? 0, isAbove, cut, says),
      };
    },

    async neighbours({
      model: id = bestModel(state),
      row,
    }: {
      readonly model?: ModelId;
      readonly row: number;
    }): Promise<Neighbours> {
      const scored = getModel(state, id);
      const { frame, schema, asOf } = getDataset(state).table;
      const { labels, splits } = getPrepared(state);
      const isFeature = new Set(
        schema.columns.filter(({ role }) => role === 'feature' || role === 'date').map(({ name }) => name),
      );
      const columns = frame.columns.filter(({ name, kind }) => isFeature.has(name) && kind !== 'text');
      if (columns.length === 0) {
        throw new StudioError('request.invalid', 'No column says what customers are like.', {
          fix: 'Give columns the role "feature".',
        });
      }
      const spreads = columns.map((column) => {
        if (column.kind !== 'number' && column.kind !== 'date') return 1;
        const values = column.kind === 'date' ? column.days : column.values;
        const known = Float64Array.from(splits.train, (train) => values[train]!).filter(
          (value) => !Number.isNaN(value),
        );
        const [low, high] = quantiles(known, [0.05, 0.95]) as [number, number];
        return high - low;
      });
      const near = nearestRows({ rowCount: frame.rowCount, columns }, row, neighbourCount, spreads);
      const idOf = idReader(state);
      const described = new Map(schema.columns.map((column) => [column.name, column]));
      const converted = near.filter((each) => labels[each.row] === 1).length;
      const known = near.filter((each) => labels[each.row]! >= 0).length;
      return {
        near: near.map(({ row: other, distance }) => ({
          ...hitOf(state, scored, other, idOf(other)),
          similarity: 1 - distance,
          converted: labels[other]! < 0 ? null : labels[other] === 1,
          differs: columns
            .map((column, i) => ({ column, size: differenceOf(column, row, other, spreads[i]!) }))
            .filter(({ size }) => size > 0)
            .sort((a, b) => b.size - a.size)
            .slice(0, 3)
            .map(({ column }) => {
              const of = described.get(column.name)!;
              const day = typeof asOf === 'object' ? asOf[other] : asOf;
              return `${of.description || of.name}: ${rawValueWords(of, column, other, day)}`;
            }),
        })),
        sentence: `Of the ${counted(near.length, 'customer')} most like this one ${known === 0 ? 'no outcome is known' : `${converted} of ${known} with a known outcome converted`}. Alike means near in every raw column, not alike to the model.`,
      };
    },
  };
}

function changesOf(set: readonly CandidateChange<ChangedValue>[]): Changes {
  return Object.fromEntries(set.map(({ column, value }) => [column, value]));
}

function changedColumn({ column }: CustomerColumnState, value: ChangedValue) {
  const changed = changeCustomers(
    { frame: { rowCount: 1, columns: [sliceRows({ rowCount: 1, columns: [column] }, 0, 1).columns[0]!] } },
    [{ [column.name]: value }],
  );
  return findColumn(changed.frame, column.name)!;
}

function differenceOf(column: CustomerColumnState['column'], one: number, other: number, spread: number): number {
  if (column.kind === 'category') return column.codes[one] === column.codes[other] ? 0 : 1;
  if (column.kind === 'text') return 0;
  const values = column.kind === 'date' ? column.days : column.values;
  const size = Math.abs(values[one]! - values[other]!) / (spread || 1);
  return Number.isNaN(size) ? (Object.is(values[one], values[other]) ? 0 : 1) : size;
}

function cellWords(cell: number | string | null): string {
  if (cell === null) return 'missing';
  return typeof cell === 'number' ? String(Number(cell.toPrecision(4))) : cell;
}

function counterfactualWords(found: number, columns: number, isAbove: boolean, cut: number, says: boolean): string {
  const across = isAbove ? `below the cut of ${cut.toFixed(2)}` : `to the cut of ${cut.toFixed(2)}`;
  const among = says ? 'columns that the business could change' : 'columns; which of them can be changed is not said';
  if (found === 0) return `No change of up to three ${among} would carry this score ${across}. ${reasonsNote}`;
  const how = columns === 1 ? 'One change alone' : `No single change, but ${columns} together`;
  return `${how} would carry this score ${across}, among ${among}. ${reasonsNote}`;
}
