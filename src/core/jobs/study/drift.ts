import { type CategoryColumn, findColumn, type Frame, getColumn, takeRows } from '../../data/frame.ts';
import { readLabels } from '../../data/label.ts';
import { figuresOf } from '../../monitoring/alerts/figures.ts';
import { defaultAlertRules } from '../../monitoring/alerts/rules.ts';
import { type AlertEvent, stepAlerts } from '../../monitoring/alerts/step.ts';
import { assessWindow, type WindowAssessment } from '../../monitoring/assess.ts';
import { challenge } from '../../monitoring/challenge.ts';
import { driftCsv } from '../../monitoring/drift-csv.ts';
import { recordOf } from '../../monitoring/history.ts';
import { type JoinedLabels, joinLabels } from '../../monitoring/labels.ts';
import { driftMeasures } from '../../monitoring/measures/catalogue.ts';
import { readReferenceWindow } from '../../monitoring/read-window.ts';
import { scoreWindow } from '../../monitoring/score-window.ts';
import { simulateWindow, strengthAt } from '../../monitoring/simulate.ts';
import type { FeatureDrift, ReferenceWindow } from '../../monitoring/window.ts';
import { psiFigure } from '../../reports/figures/psi.ts';
import { psiOverlayFigure } from '../../reports/figures/psi-overlay.ts';
import { reportHtml } from '../../reports/html-report.ts';
import { monitoringReport } from '../../reports/monitoring-report.ts';
import { challengeSentence, healthSentence } from '../../reports/monitoring-words.ts';
import type { Bundle } from '../../scoring/bundle.ts';
import { readBundle } from '../../scoring/read-bundle.ts';
import { type Checkpoint, noCheckpoint, partOf } from '../../shared/checkpoint.ts';
import { StudioError, toPlainError } from '../../shared/errors.ts';
import type { JobRun } from '../job.ts';
import type {
  ChallengeSummary,
  DriftRow,
  DriftSummary,
  FileResult,
  Finding,
  MonitoringMemory,
  ScoringModel,
  SimulationRequest,
  StudyJobs,
} from '../study-contract.ts';
import { chooseScorer, kindsOf } from './bundles.ts';
import { referenceCustomers } from './reference-customers.ts';
import { bestModel, getDataset, getPrepared, type StudyHost, type StudyState } from './state.ts';

type Compare = Parameters<StudyJobs['compareTable']>[0];

export function driftJobs(state: StudyState, host: StudyHost) {
  return {
    async compareTable({ file, name, asOf, using, labels, ...memory }: Compare, run: JobRun): Promise<DriftSummary> {
      const { bundle } = chooseScorer(state, host, using);
      const reference = referenceOf(bundle);
      const read = await host.readTable(
        { file, name, kinds: kindsOf(bundle.schema) },
        { checkpoint: partOf(run.checkpoint, 0, 0.4) },
      );
      const outcomes = await outcomesOf(host, bundle, read.frame, labels);
      const told = outcomes?.finding ? [outcomes.finding] : [];
      const { assessment, findings } = await assess(
        { state, host, bundle, reference, using, asOf },
        { name, frame: read.frame, outcomes: outcomes?.joined, tellApart: true },
        partOf(run.checkpoint, 0.4, 1),
      );
      return summarise(bundle, assessment, customersOf(state, using) !== undefined, {
        ...remember(assessment, memory),
        findings: [...read.findings, ...findings, ...told],
      });
    },

    async challenge(
      { champion, file, name }: Parameters<StudyJobs['challenge']>[0],
      run: JobRun,
    ): Promise<ChallengeSummary> {
      const before = readBundle(host.unzip(new Uint8Array(await champion.arrayBuffer())));
      const { bundle: after } = chooseScorer(state, host, 'best');
      const { frame } = await host.readTable(
        { file, name, kinds: kindsOf(after.schema) },
        { checkpoint: partOf(run.checkpoint, 0, 0.4) },
      );
      const { label } = after.schema;
      if (!label) throw new StudioError('data.label', 'The study has no outcome to compare models by.');
      const labels = readLabels(getColumn(frame, label.column), label.positive);
      const kernels = await host.kernels;
      const [one, other] = [
        await scoreWindow(before, frame, { kernels, checkpoint: partOf(run.checkpoint, 0.4, 0.7) }),
        await scoreWindow(after, frame, { kernels, checkpoint: partOf(run.checkpoint, 0.7, 1) }),
      ];
      const found = challenge(
        labels,
        { ...one.scores, cut: before.cutoffs.cut },
        { ...other.scores, cut: after.cutoffs.cut },
        after.settings,
      );
      const { currency } = after.settings;
      return {
        ...found,
        championVersion: before.manifest.modelVersion,
        challengerVersion: after.manifest.modelVersion,
        currency,
        verdict: challengeSentence(found, currency),
      };
    },

    async simulateWeeks(
      { drift, course, weeks, customersPerWeek, seed, ...memory }: SimulationRequest,
      run: JobRun,
    ): Promise<DriftSummary> {
      const { bundle } = chooseScorer(state, host, 'best');
      const reference = referenceOf(bundle);
      const { splits, labels } = getPrepared(state);
      const { frame } = getDataset(state).table;
      const pool = {
        frame: takeRows(frame, splits.test),
        labels: Int8Array.from(splits.test, (row) => labels[row] as number),
      };
      let kept: Remembered = { alerts: memory.alerts ?? [], history: memory.history ?? [], events: [] };
      const events: AlertEvent[] = [];
      let last: Assessed | undefined;
      for (let week = 0; week < weeks; week++) {
        const drawn = simulateWindow(pool, customersPerWeek, drift, strengthAt(course, week), seed + week);
        last = await assess(
          { state, host, bundle, reference, using: 'best' },
          { name: `week ${week + 1}`, frame: drawn.frame, outcomes: knownLabels(drawn.labels) },
          partOf(run.checkpoint, week / weeks, (week + 1) / weeks),
        );
        kept = remember(last.assessment, { ...memory, ...kept });
        events.push(...kept.events);
      }
      if (!last) throw new StudioError('request.invalid', `${weeks} weeks, expected at least one.`);
      return summarise(bundle, last.assessment, true, { ...kept, events, findings: last.findings });
    },
  };
}

interface Assessed {
  readonly assessment: WindowAssessment;
  readonly findings: readonly Finding[];
}

type Remembered = Required<Omit<MonitoringMemory, 'rules'>> & { readonly events: readonly AlertEvent[] };

/** What is kept after a window: states of alerts and the timeline, this window in it. */
function remember(
  window: WindowAssessment,
  { rules = defaultAlertRules, alerts = [], history = [] }: MonitoringMemory,
): Remembered {
  const { states, events } = stepAlerts(rules, alerts, figuresOf(window), window.name);
  const before = history.filter(({ name }) => name !== window.name);
  return { alerts: states, events, history: [...before, recordOf(window, events)] };
}

interface Against {
  readonly state: StudyState;
  readonly host: StudyHost;
  readonly bundle: Bundle;
  readonly reference: ReferenceWindow;
  readonly using?: ScoringModel | undefined;
  readonly asOf?: number | undefined;
}

async function assess(
  { state, host, bundle, reference, using, asOf }: Against,
  {
    name,
    frame,
    outcomes,
    tellApart = false,
  }: {
    readonly name: string;
    readonly frame: Frame;
    readonly outcomes?: JoinedLabels | undefined;
    /** Whether boosting tries to tell the windows apart. */
    readonly tellApart?: boolean;
  },
  checkpoint: Checkpoint,
): Promise<Assessed> {
  const kernels = await host.kernels;
  const { findings, ...scored } = await scoreWindow(bundle, frame, {
    kernels,
    asOf,
    checkpoint: partOf(checkpoint, 0, 0.6),
  });
  const assessment = await assessWindow({
    name,
    window: reference,
    ...scored,
    cutoffs: bundle.cutoffs,
    economics: bundle.settings,
    customers: customersOf(state, using),
    labels: outcomes,
    groups: groupsOf(bundle, frame),
    ...(tellApart ? { domainKernels: kernels } : {}),
    seed: 1,
    checkpoint: partOf(checkpoint, 0.6, 1),
  });
  return { assessment, findings };
}

function referenceOf({ referenceWindow }: Bundle): ReferenceWindow {
  if (referenceWindow !== undefined) return readReferenceWindow(referenceWindow);
  throw new StudioError('study.not-ready', 'This bundle carries no reference window to compare with.', {
    fix: 'Save the bundle again from a study.',
  });
}

function customersOf(state: StudyState, using: ScoringModel = state.scoring) {
  return using === 'bundle' ? undefined : referenceCustomers(state, using === 'best' ? bestModel(state) : using);
}

function knownLabels(labels: Int8Array): JoinedLabels {
  return { labels, lastOutcomeDay: Number.NaN, strangers: 0, repeated: 0 };
}

/** Outcomes of the label file, by id; without one those that the table itself has, or why they were not read. */
async function outcomesOf(
  host: StudyHost,
  { schema }: Bundle,
  frame: Frame,
  file: Compare['labels'],
): Promise<{ readonly joined?: JoinedLabels; readonly finding?: Finding } | undefined> {
  const { label } = schema;
  if (!label) return undefined;
  if (!file) {
    const column = findColumn(frame, label.column);
    if (!column) return undefined;
    try {
      return { joined: knownLabels(readLabels(column, label.positive)) };
    } catch (error) {
      const { message } = toPlainError(error);
      return { finding: { level: 'info', title: 'Outcomes are not judged', detail: message, columns: [label.column] } };
    }
  }
  const id = schema.columns.find(({ role }) => role === 'id')?.name;
  if (id === undefined) {
    throw new StudioError('study.not-ready', 'Outcomes are joined by customer id, and this study has no id column.', {
      fix: 'Give a column the role "id", or put the outcome into the table itself.',
    });
  }
  const { frame: outcomes } = await host.readTable(
    { file: file.file, name: file.name, kinds: kindsOf(schema) },
    { checkpoint: noCheckpoint },
  );
  const joined = joinLabels(getColumn(frame, id), outcomes, {
    id,
    outcome: label.column,
    positive: label.positive,
    contacted: schema.columns.find(({ role }) => role === 'contacted')?.name ?? 'contacted',
    control: 'control',
  });
  return { joined };
}

/** Groups in which prediction and outcome are compared: sensitive categories first, three in all. */
function groupsOf({ schema }: Bundle, frame: Frame): CategoryColumn[] {
  return schema.columns
    .filter(({ kind, role }) => kind === 'category' && (role === 'sensitive' || role === 'feature'))
    .sort((a, b) => Number(b.role === 'sensitive') - Number(a.role === 'sensitive'))
    .map(({ name }) => findColumn(frame, name))
    .filter((column) => column?.kind === 'category')
    .slice(0, 3);
}

function summarise(
  bundle: Bundle,
  window: WindowAssessment,
  exact: boolean,
  { alerts, history, events, findings }: Remembered & { readonly findings: readonly Finding[] },
): DriftSummary {
  const { manifest, recipe, settings } = bundle;
  const { drift } = window;
  const recipeOf = new Map(recipe.features.map((feature) => [feature.name, feature]));
  const describe = (feature: string): string =>
    recipeOf.get(feature)?.description ?? 'How likely the model ranks a customer to convert, 0 to 1';
  const row = (each: FeatureDrift): DriftRow => ({
    feature: each.feature,
    description: describe(each.feature),
    psi: each.psi,
    band: each.band,
    alarm: each.alarm,
    chance: each.chance,
    measures: each.measures,
    overlay: psiOverlayFigure(each, recipeOf.get(each.feature)?.unit),
  });
  const { currency } = settings;
  const report = monitoringReport(window, { currency, model: manifest.modelVersion, history, events });
  const file = (name: string, mediaType: string, bytes: Uint8Array<ArrayBuffer>): FileResult => ({
    name,
    mediaType,
    bytes,
  });
  const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);
  const json = { model: manifest.modelVersion, ...window, alerts, events };
  return {
    name: window.name,
    rowCount: drift.rowCount,
    referenceRowCount: drift.referenceRowCount,
    features: drift.features.map(row),
    score: row(drift.score),
    measures: driftMeasures.map(({ id, label, help }) => ({ id, label, help })),
    exact,
    figure: psiFigure(drift.features),
    file: file('drift.csv', 'text/csv', driftCsv([drift.score, ...drift.features], describe)),
    findings,
    verdict: healthSentence(window, currency),
    health: window.verdict.health,
    sections: report.sections,
    report: file('monitoring.html', 'text/html', text(reportHtml(report))),
    json: file('monitoring.json', 'application/json', text(`${JSON.stringify(json, null, 1)}\n`)),
    events,
    alerts,
    history,
  };
}
