/** Bins of one feature, a bit each: what a node of a tree sends left. */
export type BinSet = Uint32Array;

export function hasBin(set: BinSet, bin: number): boolean {
  return (((set[bin >> 5] as number) >>> (bin & 31)) & 1) === 1;
}

export function putBin(set: BinSet, bin: number, isIn: boolean): void {
  const bit = 1 << (bin & 31);
  const word = set[bin >> 5] as number;
  set[bin >> 5] = isIn ? word | bit : word & ~bit;
}

/** The first `count` bins and no others. */
export function fillBins(set: BinSet, count: number): void {
  const whole = count >> 5;
  set.fill(0xffffffff, 0, whole).fill(0, whole);
  if (count & 31) set[whole] = (1 << (count & 31)) - 1;
}
