import { columnLength, findColumn, type Frame, getColumn } from '../../data/frame.ts';
import { singleColumnAuc } from '../../data/leakage.ts';
import { profileFrame } from '../../data/profile.ts';
import type { Labels } from '../../data/schema.ts';
import { type Split, splitRows } from '../../data/split.ts';
import { groupCodes } from '../../data/split-groups.ts';
import type { Table } from '../../data/table.ts';
import { applyRecipe } from '../../features/apply.ts';
import { fitRecipe } from '../../features/fit.ts';
import { featuresVerdict } from '../../reports/verdicts.ts';
import { partOf } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import type { JobRun } from '../job.ts';
import type { FeatureSummary, FeatureView, Finding, RowPage, SplitChoice } from '../study-contract.ts';
import { pageOf } from './dataset.ts';
import { forgetModels, getDataset, getPrepared, type StudyHost, type StudyState } from './state.ts';

export function featureJobs(state: StudyState, host: StudyHost) {
  return {
    async buildFeatures(choice: SplitChoice, run: JobRun): Promise<FeatureSummary> {
      const { table } = getDataset(state);
      const labels = labelsOf(table);
      await run.checkpoint({ fraction: 0.02, stage: 'Splitting customers' });
      const splits = splitTable(table, labels, choice);
      await run.checkpoint({ fraction: 0.05, stage: 'Learning the recipe on training customers' });
      const recipe = fitRecipe(table, splits.train);
      const features = await applyRecipe(recipe, inputOf(table), {
        allocate: host.allocate,
        checkpoint: partOf(run.checkpoint, 0.2, 0.8),
      });
      const views: FeatureView[] = [];
      const profiles = new Map(profileFrame(features).map((profile) => [profile.name, profile]));
      for (const feature of recipe.features) {
        await run.checkpoint({
          fraction: 0.8 + (0.2 * views.length) / recipe.features.length,
          stage: 'Describing the features',
        });
        const profile = profiles.get(feature.name);
        views.push({
          name: feature.name,
          description: feature.description,
          family: feature.family,
          unit: feature.unit,
          kind: feature.kind,
          columns: feature.columns,
          missingShare: profile?.missingShare ?? 0,
          histogram: profile?.histogram ?? [],
          aloneAuc: singleColumnAuc(getColumn(features, feature.name), labels, splits.train),
        });
      }
      state.prepared = { splits, choice, recipe, features, labels };
      forgetModels(state);
      const rows = {
        train: splits.train.length,
        validation: splits.validation.length,
        test: splits.test.length,
        unlabelled: splits.unlabelled.length,
      };
      return {
        features: views,
        rows,
        findings: splitFindings(choice),
        verdict: featuresVerdict({ features: views, rows }),
      };
    },
    async previewFeatures({ from, to }: { readonly from: number; readonly to: number }): Promise<RowPage> {
      return pageOf(getPrepared(state).features, from, to);
    },
  };
}

/** What a recipe reads: the raw columns and the day they were taken. */
export function inputOf(table: Table): { readonly frame: Frame; readonly asOf?: number | Float64Array } {
  return table.asOf === undefined ? { frame: table.frame } : { frame: table.frame, asOf: table.asOf };
}

export function labelsOf({ labels }: Table): Labels {
  if (labels) return labels;
  throw new StudioError('data.label', 'No column says who converted.', {
    fix: 'On the Data page choose the label column and the value that means yes.',
  });
}

/** Rows of one id stay together; by time, the oldest rows train and the newest test. */
function splitTable(table: Table, labels: Labels, choice: SplitChoice): Split {
  const { seed, train, validation, test } = choice;
  const groups = repeatedIds(table);
  return splitRows({
    labels,
    seed,
    fractions: { train, validation, test },
    ...(groups ? { groups } : {}),
    ...(choice.by === 'time' ? { days: splitDays(table) } : {}),
  });
}

/** A code per row of the id column, where some id stands more than once. */
export function repeatedIds({ frame, schema }: Table): Int32Array | undefined {
  const id = schema.columns.find((column) => column.role === 'id');
  const column = id && findColumn(frame, id.name);
  if (!column) return undefined;
  const codes = groupCodes(column);
  const seen = new Uint8Array(codes.length);
  for (const code of codes) {
    if (code < 0) continue;
    if (seen[code]) return codes;
    seen[code] = 1;
  }
  return undefined;
}

function splitDays(table: Table): Float64Array {
  for (const { name, role } of table.schema.columns) {
    const column = role === 'date' ? findColumn(table.frame, name) : undefined;
    if (column?.kind === 'date' && columnLength(column) > 0) return column.days;
  }
  throw new StudioError('data.split', 'A split by time needs a date column.', {
    fix: 'Give one column the role "date", or split at random.',
  });
}

function splitFindings(choice: SplitChoice): Finding[] {
  if (choice.by !== 'time') return [];
  return [
    {
      level: 'info',
      title: 'Split by time',
      detail:
        'The oldest customers train, the newest test: figures say what to expect of the future, and are usually lower.',
      columns: [],
    },
  ];
}
