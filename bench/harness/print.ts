import type { BenchRow } from './row.ts';

/** The figures as a table, and under it what each row says about itself. */
export function printRows(rows: readonly BenchRow[]): void {
  console.table(
    rows.map(({ name: figure, ours, peer, unit, ratio, must, aim }) => ({
      figure,
      ours: cell(ours),
      peer: cell(peer),
      unit,
      ratio: cell(ratio),
      must: must ?? '',
      aim: aim ?? '',
    })),
  );
  for (const { name, why } of rows) if (why) console.log(`  ${name}: ${why}`);
}

/** Whether a row reaches what it must; one that cannot be measured here does not fail. */
export function holds({ ratio, must }: BenchRow): boolean {
  return must === null || ratio === null || ratio >= must;
}

function cell(value: number | null): number | string {
  return value === null ? '–' : Number(value.toPrecision(4));
}
