import { featureRecordBytes, header, headerReal } from '../boosting-layout.ts';
import { cellsOf } from './boosting-columns.ts';
import type { Range } from './boosting-scan.ts';
import type { MemoryViews } from './memory-views.ts';

/** The best split of a whole level among a range of features: the twin of `scanLevelOf` in the kernel. */
export function scanLevelOf(
  { i32, f64 }: MemoryViews,
  at: number,
  leaves: number,
  leafCount: number,
  range: Range,
  out: number,
  scratch: number,
): void {
  const word = i32.subarray(at >> 2);
  const real = f64.subarray((at + 128) >> 3);
  const l1 = real[headerReal.lambdaL1] as number;
  const l2 = Math.max(1, real[headerReal.lambdaL2] as number);
  const table = (word[header.featureTable] as number) >>> 2;
  const slots = (word[header.histograms] as number) >>> 0;
  const slotBytes = (word[header.histogramBytes] as number) >>> 0;
  const level = Array.from({ length: leafCount }, (_, leaf) => {
    const [slot, g, h] = i32.subarray((leaves >>> 2) + 4 * leaf) as unknown as [number, number, number];
    return { histogram: slots + slot * slotBytes, g, h };
  });
  let floor = 0;
  for (const leaf of level) {
    const g = soft(leaf.g, l1);
    floor += (g * g) / (leaf.h + l2);
  }
  let best = floor + (real[headerReal.minGain] as number);
  let found = [-1, 0, 0, 0, 0, 0];
  for (let place = range.from; place < range.to; place++) {
    const f = i32[((word[header.order] as number) >>> 2) + place] as number;
    const record = table + (featureRecordBytes >> 2) * f;
    const kind = i32[record + 1] as number;
    if (!i32[record + 2]) continue;
    const isCategory = kind === 2;
    const hasMissing = Number(kind === 1);
    const valueBins = (i32[record] as number) - hasMissing;
    for (let left = 0; left <= hasMissing; left++) {
      const bins = isCategory || left < hasMissing ? valueBins + 1 : valueBins;
      const gains = new Float64Array(bins);
      for (const { histogram, g: G, h: H } of level) {
        const cells = cellsOf(i32, record, histogram, { g: G, h: H }, scratch);
        let h = left ? (i32[cells + 2 * valueBins] as number) : 0;
        let g = left ? (i32[cells + 2 * valueBins + 1] as number) : 0;
        for (let t = isCategory ? 1 : 0; t + 1 < bins; t++) {
          h = (i32[cells + 2 * t] as number) + (isCategory ? 0 : h);
          g = (i32[cells + 2 * t + 1] as number) + (isCategory ? 0 : g);
          const a = soft(g, l1);
          const b = soft(G - g, l1);
          const c = h + l2;
          const d = H - h + l2;
          gains[t] = (gains[t] as number) + (a * a * d + b * b * c) / (c * d);
        }
      }
      for (let t = 0; t + 1 < bins; t++) {
        if ((gains[t] as number) <= best) continue;
        best = gains[t] as number;
        found = [f, t, left, 0, 0, Number(isCategory)];
      }
    }
  }
  f64[out >>> 3] = best;
  i32.set(found, (out + 8) >>> 2);
}

function soft(g: number, l1: number): number {
  const shrunk = Math.abs(g) - l1;
  return shrunk > 0 ? (g < 0 ? -shrunk : shrunk) : 0;
}
