import { getColumn } from '../../../data/frame.ts';
import { featureNames } from '../../../explanation/explain.ts';
import { fidelityOf, type RuleCondition, surrogateRules } from '../../../explanation/surrogate-rules.ts';
import { listing, lowerFirst, number, percent } from '../../../reports/words.ts';
import type { Surrogate } from '../../explanation-contract.ts';
import type { JobRun } from '../../job.ts';
import type { ModelId } from '../../model-id.ts';
import { bestModel, everyNth, getModel, getPrepared, pick, type StudyState } from '../state.ts';
import { numbersOf, wordsOf } from './changed-rows.ts';

const depth = 3;

/** Training customers that the rules are found on. */
const learningRows = 10_000;

export function surrogateJobs(state: StudyState) {
  return {
    async surrogate({ model: id = bestModel(state) }: { readonly model?: ModelId }, run: JobRun): Promise<Surrogate> {
      await run.checkpoint({ fraction: 0.1, stage: 'Imitating the model' });
      const { trained, raw, propensity } = getModel(state, id);
      const { features, labels, splits } = getPrepared(state);
      const columns = featureNames(trained.model)
        .map((name) => getColumn(features, name))
        .filter(({ kind }) => kind === 'number')
        .map((column) => ({ name: column.name, values: numbersOf(column) }));
      const learners = everyNth(splits.train, learningRows);
      const learning = columns.map(({ name, values }) => ({ name, values: pick(values, learners) }));
      const rules = surrogateRules(learning, pick(raw, learners), {
        depth,
        leastRows: Math.max(20, Math.floor(learners.length / 200)),
      });
      await run.checkpoint({ fraction: 0.8, stage: 'Counting whom the rules hold' });
      const valuesOf = new Map(columns.map(({ name, values }) => [name, values]));
      const holds = (conditions: readonly RuleCondition[], row: number) =>
        conditions.every(
          ({ column, side, threshold }) => valuesOf.get(column)![row]! <= threshold === (side === 'atMost'),
        );
      const every = Uint32Array.from(raw, (_, row) => row);
      const testRules = rules.map((rule) => ({
        ...rule,
        rows: splits.test.filter((row) => holds(rule.conditions, row)),
      }));
      const fidelity = fidelityOf(testRules, raw);
      const shown = rules
        .map(({ conditions }, i) => {
          const rows = every.filter((row) => holds(conditions, row));
          const test = testRules[i]!.rows;
          return {
            words: wordsFor(state, conditions),
            customers: rows.length,
            share: rows.length / every.length,
            propensity: pick(propensity, rows).reduce((sum, each) => sum + each, 0) / rows.length,
            conversion: test.reduce((sum, row) => sum + (labels[row] === 1 ? 1 : 0), 0) / test.length,
          };
        })
        .sort((a, b) => b.propensity - a.propensity);
      const first = shown[0]!;
      return {
        rules: shown,
        fidelity,
        verdict: `${shown.length} rules imitate the model: they answer ${percent(Math.max(0, fidelity))} of how its scores differ between test customers. The highest, ${percent(first.share)} of customers, is: ${first.words}. What the rules leave out the model still sees.`,
      };
    },
  };
}

/** Of several conditions on a column the narrowest says it all. */
function wordsFor(state: StudyState, conditions: readonly RuleCondition[]): string {
  const ranges = new Map<string, { above?: number; atMost?: number }>();
  for (const { column, side, threshold } of conditions) {
    const range = ranges.get(column) ?? {};
    if (side === 'above') range.above = Math.max(range.above ?? -Infinity, threshold);
    else range.atMost = Math.min(range.atMost ?? Infinity, threshold);
    ranges.set(column, range);
  }
  const parts = [...ranges].map(([column, { above, atMost }]) => {
    const name = lowerFirst(wordsOf(state, column));
    if (above !== undefined && atMost !== undefined)
      return `${name} above ${number(above)} and up to ${number(atMost)}`;
    return above === undefined ? `${name} up to ${number(atMost!)}` : `${name} above ${number(above)} or missing`;
  });
  return parts.length === 0 ? 'everybody' : listing(parts);
}
