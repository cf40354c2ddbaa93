import { describeCrew } from './crew.ts';
import type { Kernels } from './kernels.ts';
import { type LogisticKernels, mostMembers, type RunLogistic } from './logistic.ts';
import { createReferenceLogistic } from './reference/logistic.ts';

/** Kernels with at least `byteLength` bytes of memory: a crew where the host has one, else the TypeScript twin. */
export async function openLogistic(kernels: Kernels, byteLength: number): Promise<LogisticKernels> {
  if (!kernels.createCrew) {
    const memory = new Float64Array(Math.ceil(byteLength / 8));
    const functions = createReferenceLogistic(memory);
    const run: RunLogistic = (name, ...args) => {
      (functions[name] as (...all: number[]) => void)(0, 1, ...args);
    };
    return { backend: 'TypeScript', memory: memory.buffer, run, close() {} };
  }
  const crew = await kernels.createCrew('logistic', {
    initialPages: Math.ceil(byteLength / 65_536),
    maxMembers: mostMembers,
  });
  return {
    backend: describeCrew(crew),
    memory: crew.memory.buffer,
    run: (name, ...args) => crew.run(name, ...args),
    close: () => crew.close(),
  };
}
