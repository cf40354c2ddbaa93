/** A clock as a crew reads it, three times a run: the lead works for 1 ms, then waits for as long as told for that run. */
export function tickingClock(waitMs: (run: number) => number): () => number {
  let ms = 0;
  let reads = 0;
  return () => {
    const step = reads % 3;
    if (step === 1) ms += 1;
    if (step === 2) ms += waitMs((reads - 2) / 3);
    reads++;
    return ms;
  };
}
