import type { FeatureDrift } from '../../monitoring/window.ts';
import { type DriftBand, psiLimits } from '../../monitoring/psi.ts';
import type { Figure, Tone } from '../figure.ts';
import { driftWord, number, plainName } from '../words.ts';

const toneOf: Readonly<Record<DriftBand, Tone>> = { stable: 'reference', moderate: 'boosting', significant: 'raises' };

/** PSI of the most moved features as bars, coloured where they exceed chance, with the limits of moderate and significant. */
export function psiFigure(drifts: readonly FeatureDrift[], most = 20): Figure {
  const ordered = drifts.toSorted((a, b) => b.psi - a.psi);
  const shown = ordered.slice(0, most);
  return {
    id: 'psi',
    title: 'How far each feature has moved',
    caption: captionOf(ordered),
    x: { title: 'Population stability index (PSI)', format: 'number' },
    y: { title: '', scale: 'category', reversed: true },
    series: [
      {
        name: 'PSI',
        kind: 'bars-horizontal',
        tone: 'reference',
        x: shown.map((drift) => drift.psi),
        y: shown.map((drift) => plainName(drift.feature)),
        tones: shown.map((drift) => (drift.alarm ? toneOf[drift.band] : 'reference')),
        text: shown.map((drift) => `${number(drift.psi)}, ${driftWord(drift)}`),
      },
    ],
    rules: [
      { axis: 'x', at: psiLimits.moderate, label: '0.1', tone: 'reference' },
      { axis: 'x', at: psiLimits.significant, label: '0.2', tone: 'raises' },
    ],
  };
}

function captionOf(ordered: readonly FeatureDrift[]): string {
  const top = ordered[0];
  if (!top) return 'There are no features to compare.';
  const moved = ordered.filter((drift) => drift.alarm).length;
  const most = `${plainName(top.feature)} moved most (PSI ${number(top.psi)}, ${driftWord(top)})`;
  if (moved === 0) return `No feature has moved beyond chance; ${most}.`;
  return `${moved} of ${ordered.length} features ${moved === 1 ? 'has' : 'have'} moved beyond chance; ${most}. Grey bars are stable or within noise.`;
}
