import type { KernelModuleName } from '../../core/kernels/crew.ts';
import { StudioError } from '../../core/shared/errors.ts';
import type { CrewHost, CrewMember } from '../any/crew.ts';
import type { MemberSetup } from '../any/crew-loop.mjs';
import boostingUrl from '../../wasm/build/boosting.wasm?url';
import denseUrl from '../../wasm/build/dense.wasm?url';
import exactMathUrl from '../../wasm/build/exact-math.wasm?url';
import logisticUrl from '../../wasm/build/logistic.wasm?url';
import treeShapUrl from '../../wasm/build/tree-shap.wasm?url';
import treesUrl from '../../wasm/build/trees.wasm?url';

const urls: Record<KernelModuleName, string> = {
  boosting: boostingUrl,
  dense: denseUrl,
  'exact-math': exactMathUrl,
  logistic: logisticUrl,
  'tree-shap': treeShapUrl,
  trees: treesUrl,
};

/** Crews on nested module workers. The lead must itself be a worker: the page's main thread may not wait. */
export function createPageCrewHost(threads: number): CrewHost {
  return { threads, load: loadModule, start: startMember };
}

async function loadModule(name: KernelModuleName): Promise<WebAssembly.Module> {
  try {
    const response = await fetch(urls[name]);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (cause) {
    throw new StudioError('kernel.unavailable', `The kernel "${name}" could not be loaded.`, {
      cause,
      fix: 'Reload the page.',
    });
  }
}

function startMember(setup: MemberSetup): Promise<CrewMember> {
  const worker = new Worker(new URL('../../../workers/crew-worker.ts', import.meta.url), { type: 'module' });
  let lost = false;
  return new Promise((resolve, reject) => {
    worker.addEventListener('error', (event) => {
      lost = true;
      reject(new StudioError('job.worker-lost', `A kernel thread ended: ${event.message}`));
    });
    worker.addEventListener('message', () => resolve({ isLost: () => lost, terminate: () => worker.terminate() }));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    worker.postMessage(setup);
  });
}
