/** The part of the Web Locks API that is needed; tests hand in a fake. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal },
    whileHeld: () => Promise<unknown> | undefined,
  ): Promise<unknown>;
}

/** None where the page is not a secure context: then the heartbeat alone tells. */
export const browserLocks = (): Locks | undefined =>
  (globalThis as { navigator?: { locks?: Locks } }).navigator?.locks ?? undefined;

/** Takes this lock and never gives it back; resolves once it is held. The browser frees it when this thread ends. */
export function holdForLife(locks: Locks, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const whileHeld = () => {
      resolve();
      return new Promise(() => {});
    };
    locks.request(name, {}, whileHeld).catch(reject);
  });
}

/** Calls `onEnd` when the holder of this lock has ended: at once, even of a thread that was ended without a word. */
export function watchLife(locks: Locks, name: string, signal: AbortSignal, onEnd: () => void): void {
  const whileHeld = () => {
    if (!signal.aborted) onEnd();
    return undefined;
  };
  // Aborted: nobody waits any more.
  locks.request(name, { signal }, whileHeld).catch(() => {});
}
