import { StudioError } from './errors.ts';

/** One shape of progress everywhere. */
export interface Progress {
  /** Done so far, 0 to 1. */
  readonly fraction: number;
  /** What is happening, in words a person reads: "Growing tree 143 of at most 1,000". */
  readonly stage: string;
  /** Seconds left, as far as can be told. */
  readonly etaSeconds?: number;
}

/**
 * Passed into every loop that may last longer than a blink and awaited each tree, epoch or chunk: it reports, lets
 * messages in and throws `job.cancelled` when asked to stop. How to pause is the host's business.
 */
export type Checkpoint = (progress: Progress) => Promise<void>;

/** A checkpoint that neither reports nor pauses: for tests and short work. */
export const noCheckpoint: Checkpoint = () => Promise.resolve();

export interface CheckpointOptions {
  readonly report?: (progress: Progress) => void;
  /** Lets the host's other work in (a message-channel turn in a worker). */
  readonly pause?: () => Promise<void>;
  readonly isCancelled?: () => boolean;
  /** Milliseconds, any origin. Given by the host: core has no clock. */
  readonly now: () => number;
}

/** Reports at most 20 times a second, pauses at most every 16 ms, fills in the time left. */
export function createCheckpoint(options: CheckpointOptions): Checkpoint {
  const { report, pause, isCancelled, now } = options;
  const started = now();
  let reported = Number.NEGATIVE_INFINITY;
  let paused = started;
  return async (progress) => {
    if (isCancelled?.()) throw cancelled();
    const time = now();
    if (report && (time - reported >= 50 || progress.fraction >= 1)) {
      reported = time;
      report(withEta(progress, time - started));
    }
    if (pause && time - paused >= 16) {
      await pause();
      paused = now();
      if (isCancelled?.()) throw cancelled();
    }
  };
}

/** A part of a longer job: its fractions 0…1 are mapped to from…to of the whole. */
export function partOf(checkpoint: Checkpoint, from: number, to: number): Checkpoint {
  return (progress) => checkpoint({ ...progress, fraction: from + (to - from) * progress.fraction });
}

function withEta(progress: Progress, elapsedMs: number): Progress {
  if (progress.etaSeconds !== undefined || progress.fraction < 0.02 || progress.fraction >= 1) return progress;
  return { ...progress, etaSeconds: ((elapsedMs / 1000) * (1 - progress.fraction)) / progress.fraction };
}

function cancelled(): StudioError {
  return new StudioError('job.cancelled', 'Stopped on request.');
}
