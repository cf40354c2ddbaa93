import { writeCsv } from '../../data/csv/write-csv.ts';
import { createFrame, createTextColumn, type Frame, type NumberColumn } from '../../data/frame.ts';
import { applyRecipe } from '../../features/apply.ts';
import { driftMeasures } from '../../monitoring/measures/catalogue.ts';
import { compareWithReference, type FeatureDrift } from '../../monitoring/window.ts';
import { readReferenceWindow } from '../../monitoring/read-window.ts';
import { psiFigure } from '../../reports/figures/psi.ts';
import { psiOverlayFigure } from '../../reports/figures/psi-overlay.ts';
import { driftVerdict } from '../../reports/verdicts.ts';
import { matchTable } from '../../scoring/match-table.ts';
import { propensityOf } from '../../scoring/propensity.ts';
import { partOf } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import type { JobRun } from '../job.ts';
import type { DriftRow, DriftSummary, StudyJobs } from '../study-contract.ts';
import { chooseScorer, kindsOf } from './bundles.ts';
import { scoreEvery } from './models.ts';
import { referenceCustomers } from './reference-customers.ts';
import { bestModel, type StudyHost, type StudyState } from './state.ts';

type Compare = Parameters<StudyJobs['compareTable']>[0];

export function driftJobs(state: StudyState, host: StudyHost) {
  return {
    async compareTable({ file, name, asOf, using }: Compare, run: JobRun): Promise<DriftSummary> {
      const { bundle, needed } = chooseScorer(state, host, using);
      if (bundle.referenceWindow === undefined) {
        throw new StudioError('study.not-ready', 'This bundle carries no reference window to compare with.', {
          fix: 'Save the bundle again from a study.',
        });
      }
      const window = readReferenceWindow(bundle.referenceWindow);
      const { frame, findings } = await host.readTable(
        { file, name, kinds: kindsOf(bundle.schema) },
        { checkpoint: partOf(run.checkpoint, 0, 0.4) },
      );
      const matched = matchTable(frame, bundle.schema, needed);
      const day = asOf ?? bundle.asOf;
      const features = await applyRecipe(
        bundle.recipe,
        { frame: matched.frame, ...(day === undefined ? {} : { asOf: day }) },
        { checkpoint: partOf(run.checkpoint, 0.4, 0.7) },
      );
      const raw = await scoreEvery(host, bundle.model, features, partOf(run.checkpoint, 0.7, 0.9));
      const source = using ?? state.scoring;
      const customers =
        source === 'bundle' ? undefined : referenceCustomers(state, source === 'best' ? bestModel(state) : source);
      const comparison = await compareWithReference(window, features, propensityOf(raw, bundle.centre), {
        customers,
        checkpoint: partOf(run.checkpoint, 0.9, 1),
      });
      const recipeOf = new Map(bundle.recipe.features.map((feature) => [feature.name, feature]));
      const row = (drift: FeatureDrift): DriftRow => ({
        feature: drift.feature,
        description:
          recipeOf.get(drift.feature)?.description ?? 'How likely the model ranks a customer to convert, 0 to 1',
        psi: drift.psi,
        band: drift.band,
        alarm: drift.alarm,
        chance: drift.chance,
        measures: drift.measures,
        overlay: psiOverlayFigure(drift, recipeOf.get(drift.feature)?.unit),
      });
      const rows = [row(comparison.score), ...comparison.features.map(row)];
      return {
        name,
        rowCount: comparison.rowCount,
        referenceRowCount: comparison.referenceRowCount,
        features: rows.slice(1),
        score: rows[0] as DriftRow,
        measures: driftMeasures.map(({ id, label, help }) => ({ id, label, help })),
        exact: customers !== undefined,
        figure: psiFigure(comparison.features),
        file: { name: 'drift.csv', mediaType: 'text/csv', bytes: writeCsv(driftTable(rows)) },
        findings: [...findings, ...matched.findings],
        verdict: driftVerdict(comparison),
      };
    },
  };
}

function driftTable(rows: readonly DriftRow[]): Frame {
  const words = (name: string, of: (row: DriftRow) => string) => createTextColumn(name, rows.map(of));
  const numbers = (name: string, of: (row: DriftRow) => number): NumberColumn => ({
    kind: 'number',
    name,
    values: Float64Array.from(rows, of),
  });
  return createFrame([
    words('feature', (row) => row.feature),
    words('description', (row) => row.description),
    words('band', (row) => row.band),
    words('verdict', (row) => (row.alarm ? 'beyond noise' : row.band === 'stable' ? 'stable' : 'within noise')),
    numbers('chance', (row) => row.chance),
    ...driftMeasures.map(({ id }) => numbers(id, (row) => row.measures[id] ?? Number.NaN)),
  ]);
}
