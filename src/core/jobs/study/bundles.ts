import { writeCsvInSteps } from '../../data/csv/write-csv.ts';
import { createFrame, type Frame, formatDay } from '../../data/frame.ts';
import type { ColumnKind, TableSchema } from '../../data/schema.ts';
import { makeReferenceWindow } from '../../monitoring/window.ts';
import { propensityHistogram } from '../../reports/figures/propensity-histogram.ts';
import { integer } from '../../reports/words.ts';
import { scoreVerdict } from '../../reports/verdicts.ts';
import { type Bundle, createBundle, writeBundle } from '../../scoring/bundle.ts';
import type { ConfidenceTable } from '../../scoring/confidence.ts';
import { bandNames, defaultCutoffs } from '../../scoring/cutoffs.ts';
import { decileEdgesOf } from '../../scoring/decile.ts';
import { readBundle } from '../../scoring/read-bundle.ts';
import { createScorer, type Scorer, type Scores } from '../../scoring/scorer.ts';
import { partOf } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import type { ModelKind } from '../../models/model.ts';
import type { JobRun } from '../job.ts';
import { isTrainedHere, type ModelId } from '../model-id.ts';
import type { BundleSummary, FileResult, ScoreSummary, ScoringModel, StudyJobs } from '../study-contract.ts';
import { pageOf } from './dataset.ts';
import { explainingOf } from './explainers.ts';
import { referenceCustomers } from './reference-customers.ts';
import { bestModel, getDataset, getModel, getPrepared, pick, type StudyHost, type StudyState } from './state.ts';

type Score = Parameters<StudyJobs['scoreTable']>[0];

export function bundleJobs(state: StudyState, host: StudyHost) {
  return {
    async saveBundle({ kind }: { readonly kind?: ModelKind }, run: JobRun): Promise<FileResult> {
      await run.checkpoint({ fraction: 0.2, stage: 'Packing the bundle' });
      return bundleFile(makeBundle(state, kind ?? trainedHere(bestModel(state))), host);
    },
    async openBundle({ file }: { readonly file: Blob }, run: JobRun): Promise<BundleSummary> {
      await run.checkpoint({ fraction: 0.2, stage: 'Checking the bundle' });
      const bytes = new Uint8Array(await file.arrayBuffer());
      const scorer = createScorer(readBundle(host.unzip(bytes)), host.kernels);
      openedBytes.set(scorer, bytes);
      state.opened = scorer;
      state.scoring = 'bundle';
      return describe(scorer);
    },
    async scoringBundle({ using }: { readonly using?: ScoringModel }, run: JobRun): Promise<FileResult> {
      await run.checkpoint({ fraction: 0.2, stage: 'Packing the bundle' });
      const scorer = chooseScorer(state, host, using);
      const opened = openedBytes.get(scorer);
      if (!opened) return bundleFile(scorer.bundle, host);
      // A copy: the answer's bytes are given away.
      return {
        name: `${scorer.bundle.manifest.modelVersion}.zip`,
        mediaType: 'application/zip',
        bytes: opened.slice(),
      };
    },
    async scoreTable({ file, name, asOf, using }: Score, run: JobRun): Promise<ScoreSummary> {
      const scorer = chooseScorer(state, host, using);
      const { frame, findings } = await host.readTable(
        { file, name, kinds: kindsOf(scorer.bundle.schema) },
        { checkpoint: partOf(run.checkpoint, 0, 0.4) },
      );
      const scores = await scorer.scoreFrame(frame, asOf, partOf(run.checkpoint, 0.4, 0.9));
      const { manifest, cutoffs } = scorer.bundle;
      await run.checkpoint({ fraction: 0.9, stage: 'Writing the scores' });
      const scored = withScores(frame, scores, manifest.modelVersion);
      const bands = [2, 1, 0].map((code) => {
        const customers = scores.band.reduce((count, band) => count + (band === code ? 1 : 0), 0);
        return {
          name: bandNames[code as 0 | 1 | 2],
          customers,
          share: frame.rowCount ? customers / frame.rowCount : 0,
        };
      });
      const expectedConversions = scores.probability.reduce((sum, each) => sum + each, 0);
      const preview = pageOf(scored, 0, 200);
      return {
        name,
        rowCount: frame.rowCount,
        modelVersion: manifest.modelVersion,
        bands,
        expectedConversions,
        findings: [...findings, ...scores.findings],
        preview,
        distribution: propensityHistogram(scores.propensity, cutoffs.cut),
        file: {
          name: `${name.replace(/\.(csv|parquet|gz|tsv|txt)/gi, '')}-scores.csv`,
          mediaType: 'text/csv',
          bytes: await writeCsvInSteps(scored, partOf(run.checkpoint, 0.9, 1)),
        },
        verdict: scoreVerdict({ rowCount: frame.rowCount, bands, expectedConversions }),
      };
    },
  };
}

/** An opened bundle as it came: one saved by an earlier version would be written otherwise, and so be another. */
const openedBytes = new WeakMap<Scorer, Uint8Array<ArrayBuffer>>();

function bundleFile(bundle: Bundle, host: StudyHost): FileResult {
  return {
    name: `${bundle.manifest.modelVersion}.zip`,
    mediaType: 'application/zip',
    bytes: host.zip(writeBundle(bundle)),
  };
}

/** The scorer asked for; by default of what came last. */
export function chooseScorer(state: StudyState, host: StudyHost, using: ScoringModel = state.scoring): Scorer {
  if (using !== 'bundle') {
    return createScorer(makeBundle(state, using === 'best' ? bestModel(state) : using), host.kernels);
  }
  if (state.opened) return state.opened;
  throw new StudioError('study.not-ready', 'No bundle is open.', {
    fix: 'Open a bundle, or score with a trained model.',
  });
}

function trainedHere(id: ModelId): ModelKind {
  if (isTrainedHere(id)) return id;
  throw new StudioError(
    'study.not-ready',
    'A model from a file cannot be saved as a bundle: how sure its bands are is unknown.',
    {
      fix: 'Train a model here and save that, or keep the model.txt.',
    },
  );
}

/** A table of customers is read as the study's own was: an id of digits stays an id. */
export function kindsOf({ columns }: TableSchema): ReadonlyMap<string, ColumnKind> {
  return new Map(columns.map(({ name, kind }) => [name, kind]));
}

/** A model of the study as a bundle. Writing and hashing it takes long: done once, until the study changes. */
export function makeBundle(state: StudyState, id: ModelId): Bundle {
  const { decision, cut } = state;
  const model = getModel(state, id);
  const madeOf = [getDataset(state), getPrepared(state), model, model.confidence, model.stability, decision, cut];
  const last = state.bundles.get(id);
  if (last?.madeOf.every((part, i) => part === madeOf[i])) return last.bundle;
  const bundle = packBundle(state, id);
  state.bundles.set(id, { madeOf, bundle });
  return bundle;
}

function packBundle(state: StudyState, id: ModelId): Bundle {
  const dataset = getDataset(state);
  const { recipe, splits } = getPrepared(state);
  const {
    trained,
    intervals,
    propensity,
    calibrator,
    centre,
    label,
    confidence = unknownConfidence(id),
  } = getModel(state, id);
  if (!confidence) {
    throw new StudioError(
      'study.not-ready',
      `How sure the bands of the ${label} model are is not known yet: its refits have not run.`,
      {
        fix: 'Save it from the Score page, which runs them first.',
      },
    );
  }
  const { asOf, schema } = dataset.table;
  const decision = state.decision;
  return createBundle(
    { name: dataset.name, createdFrom: describeSource(state) },
    {
      schema,
      recipe,
      model: trained.model,
      calibrator,
      cutoffs: { ...defaultCutoffs, cut: state.cut },
      settings: {
        valuePerConversion: decision?.valuePerConversion ?? 40,
        costPerContact: decision?.costPerContact ?? 1,
        currency: decision?.currency ?? 'EUR',
      },
      confidence,
      ...(centre === 0 ? {} : { centre }),
      ...(typeof asOf === 'number' ? { asOf } : {}),
      ...(intervals ? { intervals } : {}),
      decileEdges: decileEdgesOf(pick(propensity, splits.train)),
      explaining: explainingOf(state, getModel(state, id)),
      referenceWindow: makeReferenceWindow(referenceCustomers(state, id)),
    },
  );
}

/** A model from a file cannot be refitted: nobody knows how sure its bands are. */
function unknownConfidence(id: ModelId): ConfidenceTable | undefined {
  return isTrainedHere(id) ? undefined : { refits: 0, edges: [], distances: [], shares: [] };
}

export function describeSource(state: StudyState): string {
  const { name, frame, seed, source, table } = getDataset(state);
  const rows = `${integer(frame.rowCount)} customers`;
  const day = typeof table.asOf === 'number' ? `, taken ${formatDay(table.asOf)}` : '';
  return source === 'sample' ? `${rows}, ${name}, seed ${seed}${day}` : `${rows} from ${name}${day}`;
}

function describe({ bundle, needed }: Scorer): BundleSummary {
  const { manifest, schema } = bundle;
  return {
    name: manifest.name,
    modelVersion: manifest.modelVersion,
    kind: manifest.kind,
    scenario: schema.name,
    columns: schema.columns
      .filter((column) => needed.has(column.name))
      .map(({ name, description, kind, optional }) => ({ name, description, kind, optional: optional ?? false })),
    createdFrom: manifest.createdFrom,
  };
}

/** The input columns as they came, then what the model says. */
function withScores(frame: Frame, scores: Scores, modelVersion: string): Frame {
  const taken = new Set(frame.columns.map((column) => column.name));
  const free = (name: string): string => (taken.has(name) ? free(`model_${name}`) : name);
  return createFrame(
    [
      ...frame.columns,
      { kind: 'number', name: free('propensity_score'), values: scores.propensity },
      { kind: 'category', name: free('risk_category'), codes: Int32Array.from(scores.band), levels: [...bandNames] },
      { kind: 'number', name: free('conversion_probability'), values: scores.probability },
      { kind: 'number', name: free('confidence'), values: scores.confidence },
      { kind: 'category', name: free('model_version'), codes: new Int32Array(frame.rowCount), levels: [modelVersion] },
    ],
    frame.rowCount,
  );
}
