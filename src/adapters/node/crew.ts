import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { KernelModuleName } from '../../core/kernels/crew.ts';
import { StudioError } from '../../core/shared/errors.ts';
import type { CrewHost, CrewMember } from '../any/crew.ts';
import type { MemberSetup } from '../any/crew-loop.mjs';

/** Crews on worker_threads; kernels are read from src/wasm/build. */
export function createNodeCrewHost(threads: number): CrewHost {
  return { threads, load: loadModule, start: startMember };
}

async function loadModule(name: KernelModuleName): Promise<WebAssembly.Module> {
  const path = fileURLToPath(new URL(`../../wasm/build/${name}.wasm`, import.meta.url));
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new StudioError('kernel.unavailable', `The kernel "${name}" is not built: ${path} cannot be read.`, {
      cause,
      fix: 'Run `npm run wasm`.',
    });
  });
  return WebAssembly.compile(new Uint8Array(bytes));
}

function startMember(setup: MemberSetup): Promise<CrewMember> {
  const worker = new Worker(new URL('./crew-member.mjs', import.meta.url), { workerData: setup, execArgv: [] });
  // An idle crew must not keep the process alive.
  worker.unref();
  let lost = false;
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      lost = true;
      reject(new StudioError('job.worker-lost', 'A kernel thread ended.', { cause }));
    };
    worker.once('error', fail);
    worker.once('exit', fail);
    worker.once('message', () => resolve({ isLost: () => lost, terminate: () => void worker.terminate() }));
  });
}
