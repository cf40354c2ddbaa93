import type {
  BundleSummary,
  ConfidenceSummary,
  CrossValidation,
  DatasetSummary,
  DecisionSummary,
  EvaluationSummary,
  FeatureSummary,
  ModelSummary,
  RoleChoice,
  ScoringModel,
} from '../../core/jobs/study-contract.ts';
import type { ModelId } from '../../core/jobs/model-id.ts';
import { type ModelKind, modelKinds, type Round } from '../../core/models/model.ts';
import type { Progress } from '../../core/shared/checkpoint.ts';
import type { PlainError } from '../../core/shared/errors.ts';
import type { StudySpec } from './spec.ts';

/** Everything that may take longer than a blink, by what it is about. A new task of the same id replaces the older. */
export type TaskId =
  | 'data'
  | 'features'
  | ModelKind
  | 'import'
  | 'evaluate'
  | 'decide'
  | 'confidence'
  | 'cross-validation'
  | 'explain'
  | 'lime'
  | 'importance'
  | 'tree'
  | 'coefficients'
  | 'collinearity'
  | 'scorecard'
  | 'network'
  | 'score'
  | 'monitor'
  | 'bundle'
  | 'file';

export type Task =
  | { readonly state: 'idle' }
  /** Stopped by the person; said until something else begins. */
  | { readonly state: 'stopped'; readonly name: string }
  | {
      readonly state: 'running';
      readonly name: string;
      readonly progress: Progress;
      /** What "stop" can keep, where it can keep something: "the best trees so far". */
      readonly keeps?: string | undefined;
      /** Asked to come to an early end with what it has. */
      readonly finishing?: boolean;
    }
  | { readonly state: 'done'; readonly seconds: number }
  | { readonly state: 'failed'; readonly name: string; readonly error: PlainError };

/** The pipeline in order: a change in one makes the results of all after it stale. */
export const stages = ['data', 'features', 'train', 'evaluate', 'decide'] as const;
export type Stage = (typeof stages)[number];

export type StepState = 'nothing' | 'running' | 'done' | 'stale' | 'failed';

export interface StudyState {
  readonly spec: StudySpec;
  readonly dataset?: DatasetSummary | undefined;
  /** The roles a person gave the open table, where they differ from the guessed ones. */
  readonly chosenRoles?: RoleChoice | undefined;
  readonly features?: FeatureSummary | undefined;
  readonly models: Readonly<Partial<Record<ModelId, ModelSummary>>>;
  /** Rounds so far of a training that runs, for live curves. */
  readonly rounds: Readonly<Partial<Record<ModelKind, readonly Round[]>>>;
  /** Rounds per second of a training that runs. */
  readonly pace: Readonly<Partial<Record<ModelKind, number>>>;
  /** Said of a training whose worker was lost on the way: what happened, and where it went on. */
  readonly recoveries: Readonly<Partial<Record<ModelKind, string>>>;
  readonly evaluation?: EvaluationSummary | undefined;
  readonly decision?: DecisionSummary | undefined;
  /** How sure a model's bands are, once it was refitted; its bundle carries it. */
  readonly confidence: Readonly<Partial<Record<ModelKind | 'best', ConfidenceSummary>>>;
  /** On the open table, whatever the split. */
  readonly crossValidation?: CrossValidation | undefined;
  readonly bundle?: BundleSummary | undefined;
  /** What scores customers: what came last, until a person chooses. */
  readonly scoring: ScoringModel;
  readonly stale: Readonly<Partial<Record<Stage, boolean>>>;
  readonly tasks: Readonly<Partial<Record<TaskId, Task>>>;
  /** True from the click on "Run everything" to its end. */
  readonly runningEverything: boolean;
  /** Trained models that no bundle holds yet. */
  readonly unsaved: boolean;
  /** Counts tables opened, so that views of rows know when theirs are old. */
  readonly tableVersion: number;
}

export function initialState(spec: StudySpec): StudyState {
  return {
    spec,
    models: {},
    rounds: {},
    pace: {},
    recoveries: {},
    stale: {},
    tasks: {},
    runningEverything: false,
    unsaved: false,
    scoring: 'best',
    tableVersion: 0,
    confidence: {},
  };
}

/** No model and nothing that comes from one. */
export const withoutModels = {
  models: {},
  rounds: {},
  pace: {},
  recoveries: {},
  evaluation: undefined,
  decision: undefined,
  confidence: {},
  unsaved: false,
} as const;

const idle: Task = { state: 'idle' };

export function taskOf(state: StudyState, id: TaskId): Task {
  return state.tasks[id] ?? idle;
}

/** Nothing can be learned from the open table until a person says which column tells who converted. */
export function lacksLabel({ dataset, stale }: StudyState): boolean {
  return dataset !== undefined && dataset.label === undefined && !stale.data;
}

/** How far a step of the rail is. */
export function stepState(state: StudyState, stage: Stage): StepState {
  const ids: readonly TaskId[] = stage === 'train' ? modelKinds : [stage];
  const tasks = ids.map((id) => taskOf(state, id));
  if (tasks.some((task) => task.state === 'running')) return 'running';
  if (tasks.some((task) => task.state === 'failed')) return 'failed';
  if (!hasResult(state, stage)) return 'nothing';
  return state.stale[stage] ? 'stale' : 'done';
}

export function hasResult(state: StudyState, stage: Stage): boolean {
  switch (stage) {
    case 'data':
      return state.dataset !== undefined;
    case 'features':
      return state.features !== undefined;
    case 'train':
      return Object.keys(state.models).length > 0;
    case 'evaluate':
      return state.evaluation !== undefined;
    case 'decide':
      return state.decision !== undefined;
  }
}

/** Marks the results of every stage after this one as made from something that has changed. */
export function staleAfter(state: StudyState, stage: Stage): Pick<StudyState, 'stale'> {
  const later = stages.slice(stages.indexOf(stage) + 1);
  const stale: Partial<Record<Stage, boolean>> = { ...state.stale, [stage]: false };
  for (const each of later) if (hasResult(state, each)) stale[each] = true;
  return { stale };
}

/** The propensity score from which customers are contacted, that every view obeys. */
export function cutScore(state: StudyState): number {
  const { cut } = state.spec.decision;
  return cut.by === 'score' ? cut.score : (state.decision?.cutScore ?? state.evaluation?.cut ?? 0.7);
}

/** Running tasks, oldest stage first. */
export function runningTasks(state: StudyState): readonly (Extract<Task, { state: 'running' }> & { id: TaskId })[] {
  return (Object.entries(state.tasks) as [TaskId, Task][]).flatMap(([id, task]) =>
    task.state === 'running' ? [{ ...task, id }] : [],
  );
}

/** What could score customers now. */
export function scoringOptions({ evaluation, models, bundle }: StudyState): ScoringModel[] {
  const options: ScoringModel[] = [];
  if (evaluation && evaluation.best !== 'imported') options.push('best');
  if (models.imported) options.push('imported');
  if (bundle) options.push('bundle');
  return options;
}

/** What scores: the chosen one, or the first there is where that is gone. */
export function scoringOf(state: StudyState): ScoringModel {
  const options = scoringOptions(state);
  return options.includes(state.scoring) ? state.scoring : (options[0] ?? 'best');
}

/** What scores, by name: 'Gradient boosting of this study', 'model.txt', 'Bundle "E-commerce"'. */
export function scoringName({ evaluation, models, bundle }: StudyState, scoring: ScoringModel): string {
  switch (scoring) {
    case 'best':
      return `${evaluation?.models.find(({ kind }) => kind === evaluation.best)?.label ?? 'Best model'} of this study`;
    case 'imported':
      return models.imported?.label ?? 'Model from a file';
    case 'bundle':
      return `Bundle "${bundle?.name ?? ''}"`;
  }
}
