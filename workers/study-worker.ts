// Serves StudyJobs: owns the rows, the features and the scores. The page connects and sees summaries, figures and files.
import { toParquet } from '../src/adapters/any/parquet.ts';
import { unzipFiles, zipFiles } from '../src/adapters/any/zip.ts';
import { pageAllocate } from '../src/adapters/page/allocate.ts';
import { createPageKernels } from '../src/adapters/page/kernels.ts';
import { readInWorker } from '../src/adapters/page/read-in-worker.ts';
import { serve } from '../src/adapters/page/rpc/server.ts';
import { createStudyJobs } from '../src/core/jobs/study/study-jobs.ts';

serve(
  createStudyJobs({
    allocate: pageAllocate,
    readTable: readInWorker,
    toParquet,
    zip: zipFiles,
    unzip: unzipFiles,
    kernels: Promise.resolve(createPageKernels()),
    now: () => performance.now(),
  }),
);
