import type { Figure, Tone } from '../figure.ts';
import { number, percent, plainName } from '../words.ts';

export interface FeatureImportance {
  readonly feature: string;
  readonly importance: number;
  /** Its 95 % band, where it is known. */
  readonly low?: number;
  readonly high?: number;
}

/** The most important features as bars, longest at the top. `measure` names the axis: "Mean |SHAP|", "Gain". */
export function importanceFigure(
  ranked: readonly FeatureImportance[],
  options: { readonly tone: Tone; readonly measure: string; readonly unit?: string; readonly most?: number },
): Figure {
  const all = ranked.toSorted((a, b) => b.importance - a.importance);
  const shown = all.slice(0, options.most ?? 15);
  return {
    id: 'importance',
    title: 'What the model looks at',
    caption: captionOf(all),
    x: { title: options.measure, format: 'number', ...(options.unit ? { unit: options.unit } : {}) },
    y: { title: '', scale: 'category', reversed: true },
    series: [
      {
        name: options.measure,
        kind: 'bars-horizontal',
        tone: options.tone,
        x: shown.map((each) => each.importance),
        y: shown.map((each) => plainName(each.feature)),
        text: shown.map((each) => number(each.importance)),
        ...(shown.every((each) => each.low !== undefined && each.high !== undefined)
          ? { low: shown.map((each) => each.low as number), high: shown.map((each) => each.high as number) }
          : {}),
      },
    ],
  };
}

function captionOf(ranked: readonly FeatureImportance[]): string {
  const total = ranked.reduce((sum, each) => sum + each.importance, 0);
  const first = ranked[0];
  if (!first || total === 0) return 'No feature changes the score.';
  const five = ranked.slice(0, 5).reduce((sum, each) => sum + each.importance, 0);
  const share = ranked.length > 5 ? `; the first five carry ${percent(five / total)} of all importance` : '';
  return `The score leans most on ${plainName(first.feature)}${share}.`;
}
