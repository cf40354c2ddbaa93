import { writeCsv } from '../../data/csv/write-csv.ts';
import { createFrame, createTextColumn, type Frame } from '../../data/frame.ts';
import { rocAucOf } from '../../evaluation/measures/roc-auc.ts';
import { fitScorecard, type Scorecard } from '../../models/logistic/scorecard.ts';
import { importanceFigure } from '../../reports/figures/importance.ts';
import { counted, number, plainName } from '../../reports/words.ts';
import type { JobRun } from '../job.ts';
import type { ScorecardSummary } from '../study-contract.ts';
import { trainingInputOf } from './models.ts';
import { getPrepared, pick, pickLabels, type StudyHost, type StudyState } from './state.ts';

export function scorecardJobs(state: StudyState, host: StudyHost) {
  return {
    async scorecard(_input: Record<string, never>, { checkpoint }: JobRun): Promise<ScorecardSummary> {
      const { features, labels, splits } = getPrepared(state);
      await checkpoint({ fraction: 0, stage: 'Binning features' });
      const { card, points } = await fitScorecard(trainingInputOf(state), { kernels: await host.kernels, checkpoint });
      const testLabels = pickLabels(labels, splits.test);
      const auc = rocAucOf(testLabels, pick(points(features), splits.test));
      const model = state.models.get('logistic');
      const modelAuc = model ? rocAucOf(testLabels, pick(model.raw, splits.test)) : Number.NaN;
      const ranked = card.features.map(({ name, informationValue }) => ({
        feature: name,
        importance: informationValue,
      }));
      return {
        card,
        figure: {
          ...importanceFigure(ranked, { tone: 'logistic', measure: 'Information value' }),
          id: 'information-value',
          title: 'How much each feature tells',
          caption: informationCaption(card),
          rules: [
            { axis: 'x', at: 0.1, tone: 'reference' },
            { axis: 'x', at: 0.3, tone: 'reference' },
          ],
        },
        file: { name: 'scorecard.csv', mediaType: 'text/csv', bytes: writeCsv(tableOf(card)) },
        verdict: verdictOf(card, auc, modelAuc),
      };
    },
  };
}

function informationCaption({ features }: Scorecard): string {
  const first = features.toSorted((a, b) => b.informationValue - a.informationValue)[0];
  if (!first) return 'No feature tells customers apart.';
  return `${plainName(first.name)} tells most (information value ${number(first.informationValue)}). Up to 0.1 (first line) is weak, to 0.3 (second) medium, above strong; above 0.5 look whether it is known only after the outcome.`;
}

function verdictOf({ features, leftOut, scale }: Scorecard, auc: number, modelAuc: number): string {
  if (features.length === 0) return 'No feature tells customers apart well enough to be given points.';
  const beside = Number.isNaN(modelAuc) ? '' : `, the logistic regression with ${number(modelAuc)}`;
  const ranks = Number.isNaN(auc) ? '' : ` On test customers it ranks with AUC ${number(auc)}${beside}.`;
  const left = leftOut.length > 0 ? `; ${leftOut.length} that tell next to nothing are left out` : '';
  return `The card adds up points of ${counted(features.length, 'feature')}${left}. ${scale.pointsToDouble} points more double the odds.${ranks}`;
}

function tableOf({ features, basePoints }: Scorecard): Frame {
  const lines = features.flatMap((feature) => feature.bins.map((bin) => ({ feature, bin })));
  const numbers = (name: string, base: number, of: (line: (typeof lines)[number]) => number) =>
    ({ kind: 'number', name, values: Float64Array.from([base, ...lines.map(of)]) }) as const;
  return createFrame([
    createTextColumn('feature', ['base points', ...lines.map(({ feature }) => feature.name)]),
    createTextColumn('bin', ['', ...lines.map(({ bin }) => bin.label)]),
    numbers('points', basePoints, ({ bin }) => bin.points),
    numbers('customers', Number.NaN, ({ bin }) => bin.rows),
    numbers('conversions', Number.NaN, ({ bin }) => bin.conversions),
    numbers('weight_of_evidence', Number.NaN, ({ bin }) => bin.weightOfEvidence),
    numbers('information_value', Number.NaN, ({ bin }) => bin.informationValue),
  ]);
}
