// Serves TrainingJobs: one model at a time, on a crew of threads of its own. The page connects.
import { createPageKernels } from '../src/adapters/page/kernels.ts';
import { serve } from '../src/adapters/page/rpc/server.ts';
import { createTrainingJobs } from '../src/core/jobs/training-jobs.ts';

const kernels = createPageKernels();
serve(createTrainingJobs({ kernels: Promise.resolve(kernels), now: () => performance.now() }));
