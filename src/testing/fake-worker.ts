import type { Locks } from '../adapters/page/rpc/life.ts';
import { serve } from '../adapters/page/rpc/server.ts';

const open = new Set<FakeWorker>();

/** A worker's two ends in this process: what one posts, the other receives as a copy. */
export class FakeWorker {
  readonly channel = new MessageChannel();
  readonly postMessage = this.channel.port1.postMessage.bind(this.channel.port1);
  readonly addEventListener = this.channel.port1.addEventListener.bind(this.channel.port1);
  readonly removeEventListener = this.channel.port1.removeEventListener.bind(this.channel.port1);
  readonly start = this.channel.port1.start.bind(this.channel.port1);
  isEnded = false;

  /** What the worker serves; nothing, and it is one that never answers. */
  constructor(jobs?: Parameters<typeof serve>[0], locks?: Locks) {
    if (jobs) serve(jobs, this.channel.port2, locks);
    open.add(this);
  }

  terminate(): void {
    this.isEnded = true;
    this.channel.port1.close();
    open.delete(this);
  }

  fail(message: string): void {
    this.channel.port1.dispatchEvent(Object.assign(new Event('error'), { message }));
  }
}

/** An open port keeps a process alive: ends every fake worker that a test left. */
export function endFakeWorkers(): void {
  for (const worker of open) worker.terminate();
}
