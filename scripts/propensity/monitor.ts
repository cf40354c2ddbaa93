import { existsSync, openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openTableFile } from '../../src/adapters/any/table-file.ts';
import { readAlertRules } from '../../src/adapters/any/yaml-rules.ts';
import { unzipFiles } from '../../src/adapters/any/zip.ts';
import { createNodeKernels } from '../../src/adapters/node/kernels.ts';
import { parseDay } from '../../src/core/data/dates.ts';
import { type CategoryColumn, type Frame, getColumn } from '../../src/core/data/frame.ts';
import type { Kernels } from '../../src/core/kernels/kernels.ts';
import { figuresOf } from '../../src/core/monitoring/alerts/figures.ts';
import { prometheusGauges, prometheusRules } from '../../src/core/monitoring/alerts/prometheus.ts';
import { type AlertRule, defaultAlertRules } from '../../src/core/monitoring/alerts/rules.ts';
import { type AlertState, stepAlerts } from '../../src/core/monitoring/alerts/step.ts';
import { assessWindow, type WindowAssessment } from '../../src/core/monitoring/assess.ts';
import { driftCsv } from '../../src/core/monitoring/drift-csv.ts';
import { recordOf, type WindowRecord } from '../../src/core/monitoring/history.ts';
import { immatureBecause, type JoinedLabels, joinLabels } from '../../src/core/monitoring/labels.ts';
import { readReferenceWindow } from '../../src/core/monitoring/read-window.ts';
import { scoreWindow } from '../../src/core/monitoring/score-window.ts';
import { makeReferenceWindow, type ReferenceCustomers } from '../../src/core/monitoring/window.ts';
import { reportHtml } from '../../src/core/reports/html-report.ts';
import { monitoringReport } from '../../src/core/reports/monitoring-report.ts';
import { healthSentence } from '../../src/core/reports/monitoring-words.ts';
import type { Bundle } from '../../src/core/scoring/bundle.ts';
import { readBundle } from '../../src/core/scoring/read-bundle.ts';
import { type Checkpoint, partOf } from '../../src/core/shared/checkpoint.ts';
import { StudioError } from '../../src/core/shared/errors.ts';
import { type Command, required, UsageError, wholeNumber } from './command.ts';
import { isZip } from './open-model.ts';
import { openOutputFolder } from './output-folder.ts';
import { createProgress } from './progress.ts';

/** What the process exits with when an alert fires, so that cron and CI notice. */
const firingExitCode = 4;

export const command: Command = {
  usage: `npm run propensity -- monitor --reference BUNDLE.zip|FILE --current FILE --out DIR
  --reference      a bundle with its reference window, or the reference's own customers (then --model too)
  --model          the bundle that scores, where --reference is a table
  --current        customers to compare: CSV, CSV.gz or Parquet
  --labels         outcomes by customer id (--id, --outcome, --positive name the columns; --contacted, --control,
                   --outcome-date where the file has them)
  --outcome-period days until an outcome is complete; with --as-of and --today younger windows raise no alert
  --group          a category column to compare prediction and outcome by (may be given again)
  --rules          alert rules in YAML; built-in ones by default
  --name           what this window is called (the file's name)
  --as-of, --today YYYY-MM-DD
  --out            folder for report.html, drift.csv, assessment.json, metrics.prom, alert-rules.yml and state.json,
                   which the next run goes on from
  Exits with ${firingExitCode} while an alert fires.`,
  async run(args, signal) {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        reference: text,
        model: text,
        current: text,
        labels: text,
        id: text,
        outcome: text,
        positive: text,
        contacted: text,
        control: text,
        'outcome-date': text,
        'outcome-period': { ...text, default: '0' },
        group: { ...text, multiple: true, default: [] },
        rules: text,
        name: text,
        'as-of': text,
        today: text,
        out: text,
        quiet: { type: 'boolean', default: false },
      },
    });
    const current = required(values.current, 'current');
    const firing = await monitor(
      {
        ...values,
        reference: required(values.reference, 'reference'),
        current,
        out: required(values.out, 'out'),
        name: values.name ?? basename(current),
        outcomePeriod: wholeNumber(values['outcome-period'], 'outcome-period', 0, 3650),
        asOf: dayOf(values['as-of']),
        todayDay: dayOf(values.today),
      },
      signal,
    );
    if (firing) process.exitCode = firingExitCode;
  },
};

interface MonitorRequest {
  readonly reference: string;
  readonly model?: string | undefined;
  readonly current: string;
  readonly labels?: string | undefined;
  readonly id?: string | undefined;
  readonly outcome?: string | undefined;
  readonly positive?: string | undefined;
  readonly contacted?: string | undefined;
  readonly control?: string | undefined;
  readonly 'outcome-date'?: string | undefined;
  readonly outcomePeriod: number;
  readonly group: readonly string[];
  readonly rules?: string | undefined;
  readonly name: string;
  readonly asOf: number | undefined;
  readonly todayDay: number | undefined;
  readonly out: string;
  readonly quiet: boolean;
}

interface KeptState {
  readonly alerts: readonly AlertState[];
  readonly history: readonly WindowRecord[];
}

/** The timeline of a report: older windows are let go. */
const mostHistory = 104;

async function monitor(request: MonitorRequest, signal: AbortSignal): Promise<boolean> {
  const { checkpoint, end } = createProgress(signal, request.quiet);
  const folder = await openOutputFolder(request.out);
  try {
    const bundle = await openBundle(request);
    const rules =
      request.rules === undefined ? defaultAlertRules : readAlertRules(await readFile(request.rules, 'utf8'));
    const window = await assess(bundle, request, checkpoint);
    const { alerts, history } = await readState(request.out);
    const figures = figuresOf(window);
    const { states, events } = stepAlerts(rules, alerts, figures, window.name);
    const records = [...history.filter(({ name }) => name !== window.name), recordOf(window, events)].slice(
      -mostHistory,
    );
    const model = bundle.manifest.modelVersion;
    const { currency } = bundle.settings;
    const report = monitoringReport(window, { currency, model, history: records, events });
    await folder.add('report.html', reportHtml(report));
    await folder.add('drift.csv', driftCsv([window.drift.score, ...window.drift.features]));
    await folder.add('assessment.json', `${JSON.stringify({ model, ...window, alerts: states, events }, null, 1)}\n`);
    await folder.add('metrics.prom', prometheusGauges(figures, model));
    await folder.add('alert-rules.yml', prometheusRules(rules, 7 * 86_400));
    await folder.add('state.json', `${JSON.stringify({ alerts: states, history: records } satisfies KeptState)}\n`);
    await folder.publish();
    end();
    console.error(healthSentence(window, currency));
    for (const { rule, change, figure, value } of events) console.error(`${rule} ${change}: ${figure} is ${value}`);
    return states.some(({ rule, state }) => state === 'firing' && !isSilenced(rules, rule));
  } catch (error) {
    end();
    await folder.discard();
    throw error;
  }
}

async function assess(bundle: Bundle, request: MonitorRequest, checkpoint: Checkpoint): Promise<WindowAssessment> {
  if (bundle.referenceWindow === undefined) {
    throw new StudioError('study.not-ready', 'This bundle carries no reference window to compare with.', {
      fix: 'Save the bundle again from a study.',
    });
  }
  const kernels = createNodeKernels();
  const kinds = new Map(bundle.schema.columns.map(({ name, kind }) => [name, kind]));
  const open = async (path: string): Promise<Frame> =>
    (await openTableFile(await openAsBlob(path), basename(path), { kinds })).frame;
  const frame = await open(request.current);
  const scored = await scoreWindow(bundle, frame, {
    kernels,
    asOf: request.asOf,
    checkpoint: partOf(checkpoint, 0, 0.4),
  });
  const labels = request.labels === undefined ? undefined : await readOutcomes(bundle, frame, request.labels, request);
  const immature =
    request.todayDay === undefined || request.asOf === undefined
      ? undefined
      : immatureBecause(request.asOf, request.outcomePeriod, request.todayDay);
  const customers = await referenceRows(bundle, request, open, kernels);
  const own = readReferenceWindow(bundle.referenceWindow);
  return assessWindow({
    name: request.name,
    // Test performance and scores stay the bundle's: the reference's rows bring no outcomes.
    window: customers ? { ...own, ...makeReferenceWindow(customers) } : own,
    ...scored,
    cutoffs: bundle.cutoffs,
    economics: bundle.settings,
    customers,
    labels,
    immature,
    groups: request.group.map((name) => categoryOf(frame, name)),
    domainKernels: kernels,
    seed: 1,
    checkpoint: partOf(checkpoint, 0.4, 1),
  });
}

/** The reference's own rows, where they were given: measures are then exact. */
async function referenceRows(
  bundle: Bundle,
  { reference, model }: MonitorRequest,
  open: (path: string) => Promise<Frame>,
  kernels: Kernels,
): Promise<ReferenceCustomers | undefined> {
  if (model === undefined) return undefined;
  const { features, scores } = await scoreWindow(bundle, await open(reference), { kernels });
  const rows = Uint32Array.from({ length: features.rowCount }, (_, row) => row);
  return { features, rows, propensity: scores.propensity };
}

async function readOutcomes(
  { schema }: Bundle,
  frame: Frame,
  path: string,
  request: MonitorRequest,
): Promise<JoinedLabels> {
  const id = request.id ?? schema.columns.find(({ role }) => role === 'id')?.name;
  if (id === undefined) throw new UsageError('--id is missing: the study has no id column.');
  const { frame: file } = await openTableFile(await openAsBlob(path), basename(path), {
    kinds: new Map([[id, 'text']]),
  });
  const joined = joinLabels(getColumn(frame, id), file, {
    id,
    outcome: request.outcome ?? required(schema.label?.column, 'outcome'),
    positive: request.positive ?? required(schema.label?.positive, 'positive'),
    ...(request.contacted === undefined ? {} : { contacted: request.contacted }),
    ...(request.control === undefined ? {} : { control: request.control }),
    ...(request['outcome-date'] === undefined ? {} : { outcomeDate: request['outcome-date'] }),
  });
  if (joined.strangers > 0) console.error(`${joined.strangers} outcomes are of customers who are not in the window.`);
  if (joined.repeated > 0) console.error(`${joined.repeated} customers have more than one outcome: the last counts.`);
  return joined;
}

async function openBundle({ reference, model }: MonitorRequest): Promise<Bundle> {
  const path = model ?? reference;
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new StudioError('data.format', `${path} cannot be read.`, { where: { file: path }, cause });
  });
  if (isZip(bytes)) return readBundle(unzipFiles(bytes));
  throw new UsageError(model === undefined ? '--model is missing: --reference is no bundle.' : '--model is no bundle.');
}

async function readState(out: string): Promise<KeptState> {
  const path = join(out, 'state.json');
  if (!existsSync(path)) return { alerts: [], history: [] };
  return JSON.parse(await readFile(path, 'utf8')) as KeptState;
}

function categoryOf(frame: Frame, name: string): CategoryColumn {
  const column = getColumn(frame, name);
  if (column.kind === 'category') return column;
  throw new StudioError('data.type', `"${name}" is ${column.kind}, expected categories.`, { where: { column: name } });
}

function isSilenced(rules: readonly AlertRule[], name: string): boolean {
  return rules.find((rule) => rule.name === name)?.silenced ?? false;
}

function dayOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDay(text);
}
