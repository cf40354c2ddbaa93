// One thread of a kernel crew. Serves the worker that started it (a training worker) through shared memory.
import { serveMember } from '../src/adapters/any/crew-loop.mjs';
import type { MemberSetup } from '../src/adapters/any/crew-loop.mjs';

self.onmessage = (event: MessageEvent<MemberSetup>) => {
  self.postMessage('ready');
  serveMember(event.data);
};
