import type { Kernels } from '../kernels/kernels.ts';
import { attributeRows } from '../explanation/attribute-rows.ts';
import { featureNames } from '../explanation/explain.ts';
import { keepCrews } from '../kernels/kept-crews.ts';
import { modelCatalogue } from '../models/catalogue.ts';
import type { ModelKind, Trained, TrainingInput } from '../models/model.ts';
import type { Parameters } from '../models/parameters.ts';
import { checkParameters } from '../models/parameter-check.ts';
import { scoreRows } from '../models/score-rows.ts';
import { partOf } from '../shared/checkpoint.ts';
import { createRandom } from '../shared/random.ts';
import { createFrame, takeRows } from '../data/frame.ts';
import type { JobRun } from './job.ts';
import { refitParameters, resample } from './refits.ts';
import { createSaving } from './saved-state.ts';
import type { Refit, TrainingEvent, TrainingJobs, TrainingRequest } from './training-contract.ts';

export interface TrainingHost {
  readonly kernels: Promise<Kernels>;
  /** Milliseconds, any origin. */
  readonly now: () => number;
}

/** Trains in this very thread: a worker, Node or a test serves it. */
export function createTrainingJobs(host: TrainingHost): TrainingJobs {
  const train = async (
    { kind, input, parameters, resumeFrom }: TrainingRequest,
    { checkpoint, emit, shouldFinish }: JobRun,
    kernels = host.kernels,
  ): Promise<Trained> => {
    const entry = modelCatalogue[kind];
    const tell = (event: TrainingEvent) => emit(event);
    return entry.train(input, checkParameters(kind, entry.parameters, parameters), {
      kernels: await kernels,
      checkpoint,
      onRound: (round) => tell({ kind: 'round', round }),
      onState: createSaving(host.now, resumeFrom, (state) => tell({ kind: 'saved', state })),
      ...(shouldFinish ? { shouldFinish } : {}),
      ...(resumeFrom ? { resumeFrom } : {}),
    });
  };
  return {
    async train(request, run) {
      const started = host.now();
      const trained = await train(request, run);
      return { trained, seconds: (host.now() - started) / 1000 };
    },
    async refit(request, run) {
      const rows = takeRows(request.input.features, request.rows);
      const explained = takeRows(request.input.features, request.explained);
      const everyRow = Uint32Array.from({ length: explained.rowCount }, (_, row) => row);
      const { createCrew, ...others } = await host.kernels;
      const kept = createCrew && keepCrews(createCrew);
      const kernels = Promise.resolve(kept ? { ...others, createCrew: kept.createCrew } : others);
      const refits: Refit[] = [];
      try {
        for (let refit = 0; refit < request.refits; refit++) {
          const part = partOf(run.checkpoint, refit / request.refits, (refit + 1) / request.refits);
          const checkpoint: JobRun['checkpoint'] = (progress) =>
            part({ ...progress, stage: `Refitting on resampled customers, ${refit + 1} of ${request.refits}` });
          const input = resample(request.input, refit);
          const { model } = await train(
            { kind: request.kind, input, parameters: refitParameters(request) },
            { checkpoint, emit: () => {} },
            kernels,
          );
          const resting: JobRun['checkpoint'] = ({ stage }) => checkpoint({ fraction: 1, stage });
          const own = await host.kernels;
          const rawScores = await scoreRows(model, rows, { kernels: own, checkpoint: resting });
          const { values } = await attributeRows(model, explained, everyRow, own, resting, request.background);
          refits.push({ rawScores, attributions: values, features: featureNames(model) });
        }
      } finally {
        kept?.close();
      }
      return refits;
    },
    async warmUp({ kind }, run) {
      const { parameters } = warmUps[kind];
      const trained = await train({ kind, input: warmUpInput(warmUps[kind]), parameters }, run);
      return { backend: trained.backend };
    },
  };
}

interface WarmUp {
  readonly parameters: Parameters;
  readonly columns: number;
  readonly train: number;
}

/** Small trainings in which every kernel function runs long enough for the engine to compile it well. */
const warmUps: Record<ModelKind, WarmUp> = {
  logistic: { parameters: { choose_C: false }, columns: 12, train: 3_000 },
  // Large enough for the members to gather and share rows.
  boosting: { parameters: { n_estimators: 5, early_stopping_round: 0 }, columns: 40, train: 8_000 },
  neural: { parameters: { epochs: 2, patience: 0 }, columns: 12, train: 3_000 },
};

function warmUpInput({ columns: columnCount, train }: WarmUp): TrainingInput {
  const rowCount = train + 1_000;
  const random = createRandom(1, 1);
  const columns = Array.from({ length: columnCount }, (_, index) => ({
    kind: 'number' as const,
    name: `x${index}`,
    values: Float64Array.from({ length: rowCount }, () => random.next()),
  }));
  const first = columns[0]?.values as Float64Array;
  const second = columns[1]?.values as Float64Array;
  const labels = Int8Array.from(first, (value, row) => (value * (second[row] as number) + random.next() > 1 ? 1 : 0));
  const rows = Uint32Array.from({ length: rowCount }, (_, row) => row);
  return {
    features: createFrame(columns),
    labels,
    train: rows.slice(0, train),
    validation: rows.slice(train),
    seed: 1,
  };
}
