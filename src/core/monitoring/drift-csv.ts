import { writeCsv } from '../data/csv/write-csv.ts';
import { createFrame, createTextColumn, type NumberColumn } from '../data/frame.ts';
import { driftMeasures } from './measures/catalogue.ts';
import type { FeatureDrift } from './window.ts';

/** A row per feature with its verdict and every measure. `describe` says in words what a feature is. */
export function driftCsv(
  drifts: readonly Pick<FeatureDrift, 'feature' | 'band' | 'alarm' | 'chance' | 'measures'>[],
  describe?: (feature: string) => string,
): Uint8Array<ArrayBuffer> {
  type Row = (typeof drifts)[number];
  const words = (name: string, of: (row: Row) => string) => createTextColumn(name, drifts.map(of));
  const numbers = (name: string, of: (row: Row) => number): NumberColumn => ({
    kind: 'number',
    name,
    values: Float64Array.from(drifts, of),
  });
  return writeCsv(
    createFrame([
      words('feature', ({ feature }) => feature),
      ...(describe ? [words('description', ({ feature }) => describe(feature))] : []),
      words('band', ({ band }) => band),
      words('verdict', ({ alarm, band }) => (alarm ? 'beyond noise' : band === 'stable' ? 'stable' : 'within noise')),
      numbers('chance', ({ chance }) => chance),
      ...driftMeasures.map(({ id }) => numbers(id, ({ measures }) => measures[id] ?? Number.NaN)),
    ]),
  );
}
