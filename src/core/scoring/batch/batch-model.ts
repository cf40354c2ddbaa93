import { type Column, createFrame, type Frame } from '../../data/frame.ts';
import type { DataFinding } from '../../data/findings.ts';
import type { ColumnSchema } from '../../data/schema.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { BoostingFeature, BoostingModel } from '../../models/boosting/boosting-model.ts';
import { bindFeatures } from '../../models/formats/bind-features.ts';
import { exportedNames } from '../../models/formats/lightgbm-text.ts';
import type { Model } from '../../models/model.ts';
import { scoreRows } from '../../models/score-rows.ts';
import type { Bundle } from '../bundle.ts';
import { bandOf, type Cutoffs, defaultCutoffs } from '../cutoffs.ts';
import { decileOf } from '../decile.ts';
import { matchTable } from '../match-table.ts';
import { propensityOf } from '../propensity.ts';
import { createScorer } from '../scorer.ts';

/** What scores a file piece by piece: a bundle, or a bare LightGBM model whose features the file holds by name. */
export interface BatchModel {
  readonly version: string;
  readonly cutoffs: Cutoffs;
  /** The file's columns that are read, as the model expects them. */
  readonly reads: readonly ColumnSchema[];
  /** Never changed, not even where a spreadsheet would take it for a formula. */
  readonly idColumn: string | undefined;
  /** Whether `score` gives calibrated probabilities. */
  readonly calibrated: boolean;
  readonly model: Model;
  /** What is amiss with the whole file: optional columns that it lacks. */
  readonly findings: readonly DataFinding[];
  /** `frame` holds the columns of `reads`. */
  score(frame: Frame): Promise<BatchScores>;
}

/** One value per row; what a bare model cannot tell is absent. */
export interface BatchScores {
  readonly propensity: Float64Array;
  /** 0 Low, 1 Medium, 2 High. */
  readonly band: Uint8Array;
  readonly probability?: Float64Array;
  readonly confidence?: Float64Array;
  /** 1 to 10. */
  readonly decile?: Uint8Array;
}

/** The bundle's scorer for a file with this header: the bits of `createScorer`. Throws `data.missing-column`. */
export function bundleBatchModel(
  bundle: Bundle,
  header: readonly string[],
  kernels: Kernels,
  asOf: number | undefined = bundle.asOf,
): BatchModel {
  const scorer = createScorer(bundle, kernels);
  const { schema, decileEdges } = bundle;
  const byName = new Map(schema.columns.map((column) => [column.name, column]));
  const empty = header.map((name): Column => ({ kind: 'text', name, bytes: noBytes, offsets: new Uint32Array(1) }));
  const { findings } = matchTable(createFrame(empty, 0), schema, scorer.needed);
  return {
    version: bundle.manifest.modelVersion,
    cutoffs: bundle.cutoffs,
    reads: header.flatMap((name) => (scorer.needed.has(name) ? (byName.get(name) ?? []) : [])),
    idColumn: schema.columns.find(({ role }) => role === 'id')?.name,
    calibrated: true,
    model: bundle.model,
    findings,
    async score(frame) {
      const { propensity, probability, band, confidence } = await scorer.scoreFrame(frame, asOf);
      return {
        propensity,
        probability,
        band,
        confidence,
        ...(decileEdges
          ? { decile: Uint8Array.from(propensity, (each) => decileOf(decileEdges, each) as number) }
          : {}),
      };
    },
  };
}

/** A LightGBM model by its own features: its probability is the score. Throws `data.missing-column` and `data.type`. */
export function textBatchModel(
  model: BoostingModel,
  header: readonly string[],
  kernels: Kernels,
  file = 'model.txt',
): BatchModel {
  const known = new Map(model.features.map((feature) => [feature.name, feature]));
  const exported = exportedNames(header.map((name) => ({ name })));
  const columns = header.flatMap((name, index) => {
    const feature = known.get(name) ?? known.get(exported[index] as string);
    return feature ? [emptyColumn(name, feature)] : [];
  });
  const bound = bindFeatures(model, { columns }, file);
  return {
    version: file,
    cutoffs: defaultCutoffs,
    reads: bound.features.map(({ name, kind, levels }) => ({
      name,
      description: '',
      kind,
      role: 'feature',
      ...(levels ? { levels } : {}),
    })),
    idColumn: undefined,
    calibrated: false,
    model: bound,
    findings: [],
    async score(frame) {
      const propensity = propensityOf(await scoreRows(bound, frame, { kernels }));
      return { propensity, band: Uint8Array.from(propensity, (each) => bandOf(each, defaultCutoffs)) };
    },
  };
}

const noBytes = new Uint8Array(0);

function emptyColumn(name: string, { kind }: BoostingFeature): Column {
  return kind === 'number'
    ? { kind, name, values: new Float64Array(0) }
    : { kind, name, codes: new Int32Array(0), levels: [] };
}
