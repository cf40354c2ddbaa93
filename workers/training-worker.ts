// Serves TrainingJobs: one model at a time, on a crew of threads of its own, on the GPU where there is one. The page connects.
import { createPageKernels } from '../src/adapters/page/kernels.ts';
import { serve } from '../src/adapters/page/rpc/server.ts';
import { findGpuTrainer } from '../src/adapters/page/tensors.ts';
import type { Kernels } from '../src/core/kernels/kernels.ts';
import { createTrainingJobs } from '../src/core/jobs/training-jobs.ts';

const settings = new URLSearchParams(self.name.split('?')[1]);

async function findKernels(): Promise<Kernels> {
  const threads = Number(settings.get('threads'));
  const kernels = createPageKernels(threads >= 1 ? { threads } : {});
  const wanted = settings.get('gpu');
  const gpu = wanted === 'off' ? undefined : await findGpuTrainer({ allowSoftware: wanted === 'software' });
  return gpu ? { ...kernels, gpu } : kernels;
}

serve(createTrainingJobs({ kernels: findKernels(), now: () => performance.now() }));
