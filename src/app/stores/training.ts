import type { StoreApi } from 'zustand/vanilla';
import type { TrainingEvent, TrainingRequest, TrainingResult } from '../../core/jobs/training-contract.ts';
import { joinStates } from '../../core/jobs/saved-state.ts';
import type { ModelKind, TrainingState } from '../../core/models/model.ts';
import { StudioError } from '../../core/shared/errors.ts';
import { collectRounds } from './live-rounds.ts';
import type { StudioHost } from './studio-host.ts';
import { staleAfter, type StudyState } from './study-state.ts';
import type { TaskOptions, TaskRunner } from './tasks.ts';
import type { StudioTimings } from './timings.ts';

/** Below this many cores models trained at once would only wait for each other. */
const coresForAllAtOnce = 4;

export const trainingNames: Readonly<Record<ModelKind, string>> = {
  logistic: 'Training the logistic regression',
  boosting: 'Training gradient boosting',
  neural: 'Training the neural network',
};

/** What a training stopped early can keep. The logistic regression has nothing of use before its end. */
const keeps: Readonly<Record<ModelKind, string | undefined>> = {
  logistic: undefined,
  boosting: 'the best trees so far',
  neural: 'the best epoch so far',
};

/** A worker that is lost again and again is lost for a reason: the person is told instead. */
const mostRecoveries = 3;

export interface Training {
  train(kinds: readonly ModelKind[]): Promise<boolean>;
  /** Refits a model, the best one unless told, on resampled customers, so that every band can say how sure it is. */
  measureConfidence(kind?: ModelKind): Promise<boolean>;
}

/** Trains models in their own workers and gives them to the study. True when all were trained and accepted. */
export function createTraining(
  host: StudioHost,
  store: StoreApi<StudyState>,
  tasks: TaskRunner,
  timings: StudioTimings,
): Training {
  async function train(kinds: readonly ModelKind[]): Promise<boolean> {
    store.setState({ rounds: {}, pace: {}, recoveries: {}, confidence: {} });
    let waiting = kinds.length;
    const oneDone = () => {
      waiting -= 1;
      if (waiting === 0) host.mark('last-model-trained');
    };
    const answers: boolean[] = [];
    if (host.cores >= coresForAllAtOnce)
      answers.push(...(await Promise.all(kinds.map((kind) => trainOne(kind, oneDone)))));
    else {
      for (const kind of kinds) {
        answers.push(await trainOne(kind, oneDone));
        if (!answers.at(-1)) break;
      }
    }
    return answers.length === kinds.length && answers.every(Boolean);
  }

  async function trainOne(kind: ModelKind, trained: () => void): Promise<boolean> {
    const work = async (options: TaskOptions) => {
      const parameters = await host.parametersOf(kind, store.getState().spec.parameters[kind]);
      const input = await host.study.trainingInput({}, { signal: options.signal });
      const result = await trainThrough({ kind, input, parameters }, options);
      timings.models[kind] = result.seconds;
      trained();
      return await host.study.acceptModel({ ...result, parameters }, { signal: options.signal });
    };
    const model = await tasks.run(kind, trainingNames[kind], work, keeps[kind]);
    if (!model) return false;
    store.setState((state) => ({
      models: { ...state.models, [kind]: model },
      ...staleAfter(state, 'train'),
      unsaved: true,
      scoring: 'best',
    }));
    return true;
  }

  /** A worker that is lost on the way costs a second: a new one goes on from the last saved state, to the same bytes. */
  async function trainThrough(request: TrainingRequest, options: TaskOptions): Promise<TrainingResult> {
    const { kind } = request;
    const collect = collectRounds(store, kind, host.now);
    let saved: TrainingState | undefined;
    const onEvent = (event: unknown) => {
      const told = event as TrainingEvent;
      if (told.kind === 'round') collect(told.round);
      else saved = joinStates(saved, told.state);
    };
    return throughLosses(
      () => host.training(kind).train({ ...request, ...(saved ? { resumeFrom: saved } : {}) }, { ...options, onEvent }),
      () => say(kind, recoveryWords(saved)),
    );
  }

  const say = (kind: ModelKind, words: string) =>
    store.setState((state) => ({ recoveries: { ...state.recoveries, [kind]: words } }));

  async function measureConfidence(kind?: ModelKind): Promise<boolean> {
    const confidence = await tasks.run('confidence', 'Measuring how sure the bands are', async (options) => {
      const request = await host.study.refitRequest(kind ? { kind } : {}, { signal: options.signal });
      const refits = await throughLosses(
        () => host.training(request.kind).refit(request, options),
        () =>
          say(
            request.kind,
            'The worker that refitted this model ended unexpectedly. A new one began the refits again.',
          ),
      );
      return await host.study.acceptRefits({ kind: request.kind, refits }, { signal: options.signal });
    });
    if (confidence) {
      store.setState((state) => ({ confidence: { ...state.confidence, [kind ?? 'best']: confidence } }));
    }
    return confidence !== undefined;
  }

  return { train, measureConfidence };
}

async function throughLosses<T>(work: () => Promise<T>, onLoss: () => void): Promise<T> {
  for (let losses = 0; ; losses++) {
    try {
      return await work();
    } catch (error) {
      const isLost = error instanceof StudioError && error.code === 'job.worker-lost';
      if (!isLost || losses === mostRecoveries) throw error;
      onLoss();
    }
  }
}

function recoveryWords(saved: TrainingState | undefined): string {
  const where = saved ? `went on from round ${saved.rounds.length}` : 'began again';
  return `The worker that trained this model ended unexpectedly. A new one ${where}; the model is the same as without the loss.`;
}
