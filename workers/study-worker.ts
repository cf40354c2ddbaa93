// Serves StudyJobs: owns the rows, the features and the scores. The page connects and sees summaries, figures and files.
import { openTableFile } from '../src/adapters/any/table-file.ts';
import { toParquet } from '../src/adapters/any/parquet.ts';
import { unzipFiles, zipFiles } from '../src/adapters/any/zip.ts';
import { createPageKernels } from '../src/adapters/page/kernels.ts';
import { serve } from '../src/adapters/page/rpc/server.ts';
import { createStudyJobs } from '../src/core/jobs/study/study-jobs.ts';

serve(
  createStudyJobs({
    // Shared memory lets training workers read the features without a copy; without isolation there is none.
    allocate: (byteLength) =>
      globalThis.crossOriginIsolated ? new SharedArrayBuffer(byteLength) : new ArrayBuffer(byteLength),
    openTableFile,
    toParquet,
    zip: zipFiles,
    unzip: unzipFiles,
    kernels: Promise.resolve(createPageKernels()),
    now: () => performance.now(),
  }),
);
