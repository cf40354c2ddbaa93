// One thread of a crew in Node. Started by crew.ts; serves until stopped.
import { parentPort, workerData } from 'node:worker_threads';
import { serveMember } from '../any/crew-loop.mjs';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin to name
parentPort.postMessage('ready');
serveMember(workerData);
