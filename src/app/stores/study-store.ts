import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  CutChoice,
  DatasetSummary,
  FileResult,
  RoleChoice,
  ScoringModel,
} from '../../core/jobs/study-contract.ts';
import { type ModelKind, modelKinds } from '../../core/models/model.ts';
import { loadSpec, saveSpec, type StudySpec } from './spec.ts';
import type { StudioHost } from './studio-host.ts';
import { cutScore, initialState, staleAfter, type StudyState, type TaskId, withoutModels } from './study-state.ts';
import { createTaskRunner, type TaskOptions } from './tasks.ts';
import { createTimings, type StudioTimings, timeStage } from './timings.ts';
import { createTraining } from './training.ts';

/** What a person can do with the study. Each answers whether it came to its end. */
export interface StudyActions {
  readonly changeSpec: (change: Partial<StudySpec>) => void;
  readonly changeDecision: (change: Partial<StudySpec['decision']>) => void;
  readonly setCut: (cut: CutChoice) => void;
  readonly makeCustomers: () => Promise<boolean>;
  readonly openTable: (file: Blob, name: string) => Promise<boolean>;
  readonly assignRoles: (choice: RoleChoice) => Promise<boolean>;
  /** Takes these columns out of the features and builds them anew. */
  readonly leaveOut: (columns: readonly string[]) => Promise<boolean>;
  readonly buildFeatures: () => Promise<boolean>;
  readonly train: (kinds: readonly ModelKind[]) => Promise<boolean>;
  readonly evaluate: () => Promise<boolean>;
  /** Says that it runs, awaits `ready` (the page on which it is watched), and begins. */
  readonly runEverything: (ready?: () => Promise<unknown>) => Promise<boolean>;
  /** Trains on three folds of the open table and judges each model on the customers left out. */
  readonly crossValidate: () => Promise<boolean>;
  readonly openBundle: (file: Blob) => Promise<boolean>;
  /** Takes a LightGBM model.txt in beside the study's own models and judges it on the same test customers. */
  readonly importModel: (file: Blob, name: string) => Promise<boolean>;
  /** Chooses what scores customers. */
  readonly scoreWith: (scoring: ScoringModel) => void;
  readonly saveBundle: (kind?: ModelKind) => Promise<boolean>;
  /** Makes a file in the worker and hands it over. */
  readonly download: (name: string, work: (options: TaskOptions) => Promise<FileResult>) => Promise<boolean>;
  /** Runs other work as a task that the task bar shows. */
  readonly run: <T>(id: TaskId, name: string, work: (options: TaskOptions) => Promise<T>) => Promise<T | undefined>;
  readonly stop: (id: TaskId) => void;
  /** Ends a training early and keeps the best model so far; what comes after it goes on. */
  readonly finish: (id: TaskId) => void;
  readonly dismiss: (id: TaskId) => void;
}

export interface Study {
  readonly store: StoreApi<StudyState>;
  readonly actions: StudyActions;
  readonly timings: StudioTimings;
}

export function createStudy(host: StudioHost): Study {
  const store = createStore<StudyState>(() => initialState(loadSpec(host.storage)));
  const tasks = createTaskRunner(store, host.now);
  const timings = createTimings();
  const training = createTraining(host, store, tasks, timings);
  const get = store.getState;
  const settings = () => ({ ...get().spec.decision, seed: get().spec.seed });
  const stage = <T>(name: string, work: () => Promise<T>) => timeStage(timings, name, host.now, work);

  function changeSpec(change: Partial<StudySpec>): void {
    store.setState((state) => ({ spec: { ...state.spec, ...change } }));
    saveSpec(host.storage, get().spec);
  }

  /** A new table, or other roles: what was made from the old one is gone from the worker, so it goes from the page. */
  function acceptDataset(dataset: DatasetSummary | undefined, chosenRoles: RoleChoice | undefined): boolean {
    if (!dataset) return false;
    store.setState((state) => ({
      ...withoutModels,
      features: undefined,
      crossValidation: undefined,
      dataset,
      chosenRoles,
      stale: {},
      tableVersion: state.tableVersion + 1,
    }));
    forgetOtherExclusions(dataset);
    return true;
  }

  /** Who is left out is said by columns: those that this table lacks say nothing of its customers. */
  function forgetOtherExclusions({ columns }: DatasetSummary): void {
    const { decision } = get().spec;
    const exclusions = decision.exclusions.filter(({ column }) => columns.some(({ name }) => name === column));
    if (exclusions.length < decision.exclusions.length) changeSpec({ decision: { ...decision, exclusions } });
  }

  /** Made anew from the same scenario, sample customers keep the roles a person chose. */
  async function makeCustomers(): Promise<boolean> {
    const { dataset: before, chosenRoles, spec } = get();
    const { scenario, customers, seed, conversionRate } = spec;
    const kept = before?.scenario === scenario ? chosenRoles : undefined;
    const dataset = await stage('customers', () =>
      tasks.run('data', 'Making customers', async (options) => {
        const made = await host.study.makeCustomers({ scenario, customers, seed, conversionRate }, options);
        return kept ? host.study.assignRoles(kept, options) : made;
      }),
    );
    return acceptDataset(dataset, kept);
  }

  async function openTable(file: Blob, name: string): Promise<boolean> {
    const dataset = await tasks.run('data', `Reading ${name}`, (options) =>
      host.study.openTable({ file, name }, options),
    );
    return acceptDataset(dataset, undefined);
  }

  async function assignRoles(choice: RoleChoice): Promise<boolean> {
    const dataset = await tasks.run('data', 'Taking over the roles', (options) =>
      host.study.assignRoles(choice, options),
    );
    return acceptDataset(dataset, choice);
  }

  async function leaveOut(columns: readonly string[]): Promise<boolean> {
    const dataset = get().dataset;
    if (!dataset) return false;
    const roles = Object.fromEntries(
      dataset.columns.map((column) => [column.name, columns.includes(column.name) ? ('ignore' as const) : column.role]),
    );
    const { label, asOf } = dataset;
    const done = await assignRoles({
      roles,
      ...(label ? { label: { column: label.column, positive: label.positive } } : {}),
      ...(asOf === undefined ? {} : { asOf }),
    });
    return done && (await buildFeatures());
  }

  async function buildFeatures(): Promise<boolean> {
    const { split, seed } = get().spec;
    const features = await stage('features', () =>
      tasks.run('features', 'Building features', (options) => host.study.buildFeatures({ ...split, seed }, options)),
    );
    if (!features) return false;
    // The worker forgets what it learned from other features.
    store.setState({ ...withoutModels, features, stale: {} });
    return true;
  }

  async function evaluateAt(cut: number): Promise<boolean> {
    const evaluation = await tasks.run('evaluate', 'Evaluating on test customers', (options) =>
      host.study.evaluate({ cut }, options),
    );
    if (!evaluation) return false;
    store.setState((state) => ({ evaluation, ...staleAfter(state, 'evaluate') }));
    return true;
  }

  async function decide(): Promise<boolean> {
    const decision = await tasks.run('decide', 'Working out profit', (options) =>
      host.study.decide(settings(), options),
    );
    if (!decision) return false;
    store.setState((state) => ({ decision, stale: { ...state.stale, decide: false } }));
    return true;
  }

  /** The cut drives every view: where it comes from the decision, the evaluation is read there too. */
  async function evaluate(): Promise<boolean> {
    if (!(await stage('evaluate', async () => (await evaluateAt(cutScore(get()))) || undefined))) return false;
    if (!(await stage('decide', async () => (await decide()) || undefined))) return false;
    return followDecision();
  }

  async function followDecision(): Promise<boolean> {
    const { decision, evaluation } = get();
    if (!decision || !evaluation || decision.cutScore === evaluation.cut) return true;
    const done = await evaluateAt(decision.cutScore);
    store.setState((state) => ({ stale: { ...state.stale, decide: false } }));
    return done;
  }

  let settled: ReturnType<typeof setTimeout> | undefined;
  function changeDecision(change: Partial<StudySpec['decision']>): void {
    changeSpec({ decision: { ...get().spec.decision, ...change } });
    if (!get().evaluation || get().stale.evaluate) return;
    // A slider fires many changes a second: only where it comes to rest is worked out.
    clearTimeout(settled);
    settled = setTimeout(() => void decide().then((done) => done && followDecision()), 120);
  }

  /** Sample customers that answer to the spec are kept, with their roles; a person's own table always is. */
  function hasWantedTable(): boolean {
    const { dataset, spec, stale } = get();
    if (!dataset || stale.data) return false;
    return (
      dataset.source === 'file' ||
      (dataset.scenario === spec.scenario && dataset.seed === spec.seed && dataset.rowCount === spec.customers)
    );
  }

  async function runEverything(ready?: () => Promise<unknown>): Promise<boolean> {
    if (get().runningEverything) return false;
    host.mark('run-everything-start');
    timings.stages = [];
    timings.models = {};
    timings.complete = false;
    store.setState({ runningEverything: true });
    // The page shows that it heard the click before the work begins.
    await new Promise((resolve) => setTimeout(resolve));
    await ready?.();
    try {
      const done =
        (hasWantedTable() || (await makeCustomers())) &&
        get().dataset?.label !== undefined &&
        (await buildFeatures()) &&
        (await stage('train', async () => (await training.train(modelKinds)) || undefined)) === true &&
        (await evaluate()) &&
        (await measureConfidence());
      timings.complete = done;
      return done;
    } finally {
      store.setState({ runningEverything: false });
    }
  }

  const measureConfidence = async () =>
    (await stage('confidence', async () => (await training.measureConfidence()) || undefined)) === true;

  async function download(name: string, work: (options: TaskOptions) => Promise<FileResult>): Promise<boolean> {
    const file = await tasks.run('file', name, work);
    if (file) host.saveFile(file);
    return file !== undefined;
  }

  return {
    store,
    timings,
    actions: {
      changeSpec(change) {
        changeSpec(change);
        const made = ['scenario', 'customers', 'seed', 'conversionRate'].some((field) => field in change);
        if (made && get().dataset?.source === 'sample')
          store.setState((state) => ({ stale: { ...staleAfter(state, 'data').stale, data: true } }));
        if ('split' in change && get().features)
          store.setState((state) => ({ stale: { ...staleAfter(state, 'features').stale, features: true } }));
        if ('parameters' in change && Object.keys(get().models).length > 0) {
          store.setState((state) => ({ stale: { ...staleAfter(state, 'train').stale, train: true } }));
        }
      },
      changeDecision,
      setCut: (cut) => changeDecision({ cut }),
      makeCustomers,
      openTable,
      assignRoles,
      leaveOut,
      buildFeatures,
      train: async (kinds) => (await training.train(kinds)) && (await evaluate()) && (await measureConfidence()),
      evaluate,
      runEverything,
      async crossValidate() {
        const { parameters } = get().spec;
        const crossValidation = await tasks.run('cross-validation', 'Cross-validating three models', (options) =>
          host.study.crossValidate({ folds: 3, seeds: 1, parameters }, options),
        );
        if (crossValidation) store.setState({ crossValidation });
        return crossValidation !== undefined;
      },
      async openBundle(file) {
        const bundle = await tasks.run('bundle', 'Opening the bundle', (options) =>
          host.study.openBundle({ file }, options),
        );
        if (bundle) store.setState({ bundle, scoring: 'bundle' });
        return bundle !== undefined;
      },
      async importModel(file, name) {
        // The file reads features: where they can be built, they are.
        if (!get().features && get().dataset?.label && !(await buildFeatures())) return false;
        const model = await tasks.run('import', `Opening ${name}`, (options) =>
          host.study.importModel({ file, name }, options),
        );
        if (!model) return false;
        store.setState((state) => ({
          models: { ...state.models, imported: model },
          ...staleAfter(state, 'train'),
          scoring: 'imported',
        }));
        return evaluate();
      },
      scoreWith: (scoring) => store.setState({ scoring }),
      async saveBundle(kind) {
        const { evaluation, confidence } = get();
        const isBest = kind === undefined || kind === evaluation?.best;
        const isKnown = confidence[isBest ? 'best' : kind];
        if (evaluation && !isKnown && !(await training.measureConfidence(isBest ? undefined : kind))) return false;
        const done = await download('Saving the bundle', (options) =>
          host.study.saveBundle(kind ? { kind } : {}, options),
        );
        if (done) store.setState({ unsaved: false });
        return done;
      },
      download,
      run: tasks.run,
      stop: tasks.stop,
      finish: tasks.finish,
      dismiss: (id) => store.setState((state) => ({ tasks: { ...state.tasks, [id]: { state: 'idle' } } })),
    },
  };
}
