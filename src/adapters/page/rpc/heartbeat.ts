export interface Heartbeat {
  /** Begins to ask, unless it does already. */
  start(): void;
  /** The other end was heard. */
  heard(): void;
  stop(): void;
}

/** Asks the other end for a sign of life, one question at a time, and calls `onSilence` once none came for so long. */
export function createHeartbeat(ask: () => Promise<unknown>, patienceMs: number, onSilence: () => void): Heartbeat {
  const everyMs = Math.min(500, patienceMs / 4);
  let timer: ReturnType<typeof setInterval> | undefined;
  let silentMs = 0;
  let beatAt = 0;
  let isAsking = false;

  function beat(): void {
    const now = performance.now();
    // A sleeping machine and a hidden tab hold timers back: that time says nothing about the other end.
    silentMs += Math.min(now - beatAt, 2 * everyMs);
    beatAt = now;
    if (silentMs > patienceMs) {
      onSilence();
    } else if (!isAsking) {
      isAsking = true;
      void ask().then(() => {
        isAsking = false;
        silentMs = 0;
      });
    }
  }

  return {
    start() {
      if (timer !== undefined) return;
      silentMs = 0;
      beatAt = performance.now();
      timer = setInterval(beat, everyMs);
    },
    heard() {
      silentMs = 0;
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
