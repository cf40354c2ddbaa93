import type { WindowAssessment } from '../monitoring/assess.ts';
import { performanceMetrics } from '../monitoring/performance/performance.ts';
import type { AlertEvent } from '../monitoring/alerts/step.ts';
import type { WindowRecord } from '../monitoring/history.ts';
import { driftMeasures } from '../monitoring/measures/catalogue.ts';
import { calibrationThenNowFigure, driftHeatmapFigure, timelineFigure } from './figures/monitoring.ts';
import { psiOverlayFigure } from './figures/psi-overlay.ts';
import { psiFigure } from './figures/psi.ts';
import type { Report, ReportSection, ReportTable } from './html-report.ts';
import { healthSentence } from './monitoring-words.ts';
import { driftVerdict } from './verdicts.ts';
import { counted, driftWord, integer, number, percent, plainName } from './words.ts';

/** Everything one window says, with the windows before it, as a report: inline pictures, no customers. */
export function monitoringReport(
  window: WindowAssessment,
  options: {
    readonly currency: string;
    readonly model: string;
    readonly history: readonly WindowRecord[];
    readonly events: readonly AlertEvent[];
  },
): Report {
  const { history } = options;
  return {
    title: `Monitoring: ${window.name}`,
    sections: [
      {
        heading: 'Verdict',
        sentence: healthSentence(window, options.currency),
        tables: [alertTable(options.events)],
        ...(history.length > 1
          ? {
              figures: [
                timelineFigure(history, 'score'),
                timelineFigure(history, 'performance'),
                timelineFigure(history, 'rate'),
                driftHeatmapFigure(history),
              ],
            }
          : {}),
      },
      driftSection(window),
      performanceSection(window),
      predictionSection(window),
      ...moneySection(window, options.currency),
    ],
  };
}

function alertTable(events: readonly AlertEvent[]): ReportTable {
  return {
    title: events.length > 0 ? 'Alerts' : 'No alert began or ended with this window.',
    columns: events.length > 0 ? ['Rule', 'Severity', 'Change', 'Figure', 'Value', 'Limit'] : [],
    rows: events.map(({ rule, severity, change, figure, value, limit, silenced }) => [
      rule,
      severity,
      silenced ? `${change} (silenced)` : change,
      figure,
      number(value),
      number(limit),
    ]),
  };
}

/** The features drawn as overlays: more would make the file slow to open. */
const mostOverlays = 12;

function driftSection({ drift, structure, domain }: WindowAssessment): ReportSection {
  const rows = [drift.score, ...drift.features];
  const hang = structure
    ? ` Taken together, features are rebuilt with an error ${number(structure.z)} standard errors from the reference's.`
    : '';
  const told = domain
    ? ` Boosted trees tell ${integer(domain.sampled)} of these customers from as many of the reference with AUC ${number(domain.auc)}; windows mixed at random give ${number(domain.chanceLow)} to ${number(domain.chanceHigh)}.`
    : ' Whether boosted trees could tell the windows apart is not asked: that needs the reference’s customers.';
  return {
    heading: 'Drift',
    sentence: `${driftVerdict(drift)}${hang}${told}`,
    figures: [
      psiFigure(drift.features),
      psiOverlayFigure(drift.score),
      ...drift.features.slice(0, mostOverlays).map((each) => psiOverlayFigure(each)),
    ],
    tables: [
      {
        title: 'Every measure',
        columns: ['Feature', 'Verdict', ...driftMeasures.map(({ label }) => label)],
        rows: rows.map((each) => [
          plainName(each.feature),
          driftWord(each),
          ...driftMeasures.map(({ id }) => number(each.measures[id] ?? Number.NaN)),
        ]),
      },
    ],
  };
}

function performanceSection({
  performance,
  referencePerformance,
  estimate,
  immature,
}: WindowAssessment): ReportSection {
  const estimated = `Estimated without outcomes: AUC ${number(estimate.auc)}, conversion ${percent(estimate.baseRate)}. Estimates see other customers; they cannot see customers who come to behave otherwise.`;
  if (!performance) return { heading: 'Performance', sentence: `No outcomes are known. ${estimated}` };
  const { all, verdicts, short, contactedShare } = performance;
  const warnings = [
    immature === undefined ? '' : ` Not judged yet: ${immature}.`,
    short === undefined ? '' : ` There are ${short}.`,
    contactedShare !== undefined && contactedShare > 0.5
      ? ` ${percent(contactedShare)} of the outcomes are of contacted customers: trained again on these, a model learns who answers to contact.`
      : '',
  ].join('');
  const parts = [
    { name: 'all', each: all },
    { name: 'contacted', each: performance.contacted },
    { name: 'control', each: performance.control },
  ].flatMap(({ name, each }) => (each ? [{ name, each }] : []));
  return {
    heading: 'Performance',
    sentence: `${counted(all.rows, 'outcome')} known, ${percent(all.baseRate)} converted${referencePerformance ? ` (reference ${percent(referencePerformance.baseRate)})` : ''}.${warnings} ${estimated}`,
    figures: referencePerformance ? [calibrationThenNowFigure(referencePerformance.curve, all.curve)] : [],
    tables: [
      {
        title: "Against the reference's test customers",
        columns: ['Figure', 'Reference', 'Now', 'Low', 'High', 'Drop', 'Chance', 'Verdict'],
        rows: verdicts.map(({ metric, reference, now, low, high, drop, chance, state }) => [
          performanceMetrics[metric].label,
          number(reference),
          number(now),
          number(low),
          number(high),
          percent(drop),
          number(chance),
          state,
        ]),
      },
      ...(parts.length > 1
        ? [
            {
              title: 'By contact',
              columns: ['Customers', 'Outcomes', 'Conversion', 'AUC', 'Precision', 'Recall', 'Observed ÷ expected'],
              rows: parts.map(({ name, each }) => [
                name,
                integer(each.rows),
                percent(each.baseRate),
                number(each.metrics.auc.value),
                number(each.metrics.precision.value),
                number(each.metrics.recall.value),
                number(each.metrics.calibration.value),
              ]),
            },
          ]
        : []),
    ],
  };
}

function predictionSection({ predictions, groups }: WindowAssessment): ReportSection {
  const { meanProbability, referenceMean, bands, referenceBands } = predictions;
  return {
    heading: 'Predictions',
    sentence: `Mean conversion probability ${percent(meanProbability)}${referenceMean === undefined ? '' : `, ${percent(referenceMean)} at the reference`}.`,
    tables: [
      {
        title: 'Share of customers by band',
        columns: ['Band', ...(referenceBands ? ['Reference'] : []), 'Now'],
        rows: (['High', 'Medium', 'Low'] as const).map((band) => [
          band,
          ...(referenceBands ? [percent(referenceBands[band])] : []),
          percent(bands[band]),
        ]),
      },
      ...groups.map(({ column, groups: rows }) => ({
        title: `Prediction and outcome by ${plainName(column)}`,
        columns: ['Group', 'Customers', 'Predicted', 'Outcomes', 'Observed', 'Low', 'High', 'Verdict'],
        rows: rows.map((each) => [
          each.group,
          integer(each.customers),
          percent(each.predicted),
          integer(each.labelled),
          percent(each.observed),
          each.labelled > 0 ? percent(each.low) : '–',
          each.labelled > 0 ? percent(each.high) : '–',
          each.labelled === 0 ? 'not known' : each.biased ? 'biased' : 'within its band',
        ]),
      })),
    ],
  };
}

function moneySection({ money }: WindowAssessment, currency: string): ReportSection[] {
  if (!money) return [];
  const amount = (value: number): string => `${currency} ${integer(value)}`;
  return [
    {
      heading: 'Money',
      sentence: `Contacting everyone above the cut is expected to bring ${amount(money.now)}; as many customers of the reference would bring ${amount(money.reference)}: a change of ${amount(money.change)} (${amount(money.low)} to ${amount(money.high)} by chance of who came). This assumes that customers who look alike behave as they did.`,
      tables: [
        {
          title: 'What each moved feature brought, by scoring again with it as in the reference',
          columns: ['Feature', 'Change'],
          rows: [
            ...money.features.map(({ feature, change }) => [plainName(feature), amount(change)]),
            ['together, and all others', amount(money.together)],
          ],
        },
      ],
    },
  ];
}
