// Serves BatchJobs: pieces of one large file, scored with one bundle. The page connects one for each core and ends it after.
import { unzipFiles } from '../src/adapters/any/zip.ts';
import { createPageKernels } from '../src/adapters/page/kernels.ts';
import { serve } from '../src/adapters/page/rpc/server.ts';
import { createBatchJobs } from '../src/core/jobs/batch-jobs.ts';

serve(createBatchJobs({ kernels: createPageKernels({ threads: 1 }), unzip: unzipFiles }));
