import { type Checkpoint, createCheckpoint } from '../../src/core/shared/checkpoint.ts';

/** A checkpoint that tells its progress on stderr: one changing line at a terminal, a line every ten seconds elsewhere. */
export function createProgress(signal: AbortSignal, quiet: boolean): { checkpoint: Checkpoint; end(): void } {
  const live = process.stderr.isTTY;
  let told = performance.now();
  const checkpoint = createCheckpoint({
    now: () => performance.now(),
    isCancelled: () => signal.aborted,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    report({ fraction, stage, etaSeconds }) {
      if (quiet) return;
      const left = etaSeconds === undefined ? '' : `, ${Math.ceil(etaSeconds)} s left`;
      const line = `${(100 * fraction).toFixed(0).padStart(3)} %  ${stage}${left}`;
      if (live) process.stderr.write(`\r\u001b[K${line}`);
      else if (performance.now() - told >= 10_000) {
        told = performance.now();
        console.error(line);
      }
    },
  });
  return { checkpoint, end: () => void (live && !quiet && process.stderr.write('\r\u001b[K')) };
}
