import type { FeatureDrift } from '../../monitoring/window.ts';
import type { Figure } from '../figure.ts';
import { driftWord, number, percent, plainName } from '../words.ts';

/** One feature's shares per bin, then and now; numbers in their unit. Bins that are empty in both are left out. */
export function psiOverlayFigure(drift: FeatureDrift, unit = ''): Figure {
  const used = drift.bins.map((_, bin) => bin).filter((bin) => drift.reference[bin] || drift.current[bin]);
  const bins = used.map((bin) => drift.bins[bin] as string);
  const reference = used.map((bin) => drift.reference[bin] as number);
  const current = used.map((bin) => drift.current[bin] as number);
  return {
    id: `psi-${drift.feature.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}`,
    title: `${capital(plainName(drift.feature))}: then and now`,
    caption: captionOf(drift, bins, reference, current),
    x: {
      title: capital(plainName(drift.feature)),
      scale: 'category',
      ...(unit && unit !== 'category' ? { unit } : {}),
    },
    y: { title: 'Share of customers', format: 'percent' },
    series: [
      { name: 'reference', kind: 'bars', tone: 'reference', x: bins, y: reference },
      { name: 'current', kind: 'bars', tone: 'current', x: bins, y: current },
    ],
  };
}

function captionOf(
  drift: FeatureDrift,
  bins: readonly string[],
  reference: readonly number[],
  current: readonly number[],
): string {
  let widest = 0;
  for (let bin = 1; bin < bins.length; bin++) {
    if (gap(reference, current, bin) > gap(reference, current, widest)) widest = bin;
  }
  const change = `"${bins[widest]}" went from ${percent(reference[widest] ?? 0)} to ${percent(current[widest] ?? 0)} of customers`;
  return `PSI ${number(drift.psi)}, ${driftWord(drift)}: ${change}.`;
}

function gap(reference: readonly number[], current: readonly number[], bin: number): number {
  return Math.abs((current[bin] as number) - (reference[bin] as number));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
