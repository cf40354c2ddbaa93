// One thread of a kernel crew. Serves the worker that started it (a training worker) through shared memory.
import { serveMember } from '../src/adapters/any/crew-loop.mjs';
import type { MemberSetup } from '../src/adapters/any/crew-loop.mjs';

self.addEventListener('message', (event: MessageEvent<MemberSetup>) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
  self.postMessage('ready');
  serveMember(event.data);
});
