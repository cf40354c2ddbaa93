import { toParquet } from '../adapters/any/parquet.ts';
import { openTableFile } from '../adapters/any/table-file.ts';
import { unzipFiles, zipFiles } from '../adapters/any/zip.ts';
import { createNodeKernels } from '../adapters/node/kernels.ts';
import type { JobRun } from '../core/jobs/job.ts';
import { createStudyJobs } from '../core/jobs/study/study-jobs.ts';
import type { StudyJobs } from '../core/jobs/study-contract.ts';
import type { TrainingJobs } from '../core/jobs/training-contract.ts';
import { createTrainingJobs } from '../core/jobs/training-jobs.ts';
import { type ModelKind, modelKinds } from '../core/models/model.ts';
import type { Parameters } from '../core/models/parameters.ts';
import { noCheckpoint } from '../core/shared/checkpoint.ts';

/** A job that nobody watches. */
export const quiet: JobRun = { checkpoint: noCheckpoint, emit: () => {} };

/** The page's study and trainers in this Node process: the same jobs over Node's adapters. */
export function createNodeStudy({
  threads,
  now = () => performance.now(),
}: {
  readonly threads: number;
  readonly now?: () => number;
}): {
  study: StudyJobs;
  training: TrainingJobs;
} {
  const kernels = Promise.resolve(createNodeKernels({ threads }));
  const study = createStudyJobs({
    allocate: (byteLength) => new ArrayBuffer(byteLength),
    readTable: ({ file, name, kinds }, { checkpoint }) =>
      openTableFile(file, name, { checkpoint, ...(kinds ? { kinds } : {}) }),
    toParquet,
    zip: zipFiles,
    unzip: unzipFiles,
    kernels,
    now,
  });
  return { study, training: createTrainingJobs({ kernels, now }) };
}

/** Trains these models on the study's features and gives them to the study, then its confidence. */
export async function trainAll(
  { study, training }: { study: StudyJobs; training: TrainingJobs },
  parameters: Partial<Record<ModelKind, Parameters>> = {},
): Promise<void> {
  for (const kind of modelKinds) {
    const chosen = parameters[kind] ?? {};
    const input = await study.trainingInput({}, quiet);
    const { trained, seconds } = await training.train({ kind, input, parameters: chosen }, quiet);
    await study.acceptModel({ trained, seconds, parameters: chosen }, quiet);
  }
  const request = await study.refitRequest({}, quiet);
  await study.acceptRefits(
    { kind: request.kind, refits: await training.refit({ ...request, refits: 3 }, quiet) },
    quiet,
  );
}
