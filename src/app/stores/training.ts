import type { StoreApi } from 'zustand/vanilla';
import type { ModelKind, Round } from '../../core/models/model.ts';
import type { StudioHost } from './studio-host.ts';
import { staleAfter, type StudyState } from './study-state.ts';
import type { TaskRunner } from './tasks.ts';
import type { StudioTimings } from './timings.ts';

/** Live curves are redrawn at most this often, however fast a model learns. */
const flushMs = 250;

/** Below this many cores models trained at once would only wait for each other. */
const coresForAllAtOnce = 4;

export const trainingNames: Readonly<Record<ModelKind, string>> = {
  logistic: 'Training the logistic regression',
  boosting: 'Training gradient boosting',
  neural: 'Training the neural network',
};

export interface Training {
  train(kinds: readonly ModelKind[]): Promise<boolean>;
  /** Refits the best model on resampled customers, so that every band can say how sure it is. */
  /** Refits a model, the best one unless told. */
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
    store.setState({ rounds: {}, confidence: {} });
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
    const collect = collectRounds(kind);
    const model = await tasks.run(kind, trainingNames[kind], async (options) => {
      const parameters = { ...(await host.defaultParameters(kind)), ...store.getState().spec.parameters[kind] };
      const input = await host.study.trainingInput({}, { signal: options.signal });
      const result = await host
        .training(kind)
        .train({ kind, input, parameters }, { ...options, onEvent: (event) => collect(event as Round) });
      timings.models[kind] = result.seconds;
      trained();
      return await host.study.acceptModel({ ...result, parameters }, { signal: options.signal });
    });
    if (!model) return false;
    store.setState((state) => ({
      models: { ...state.models, [kind]: model },
      ...staleAfter(state, 'train'),
      unsaved: true,
    }));
    return true;
  }

  function collectRounds(kind: ModelKind): (round: Round) => void {
    let gathered: Round[] = [];
    let flushed = Number.NEGATIVE_INFINITY;
    return (round) => {
      gathered.push(round);
      if (host.now() - flushed < flushMs) return;
      flushed = host.now();
      const fresh = gathered;
      gathered = [];
      store.setState((state) => ({ rounds: { ...state.rounds, [kind]: [...(state.rounds[kind] ?? []), ...fresh] } }));
    };
  }

  async function measureConfidence(kind?: ModelKind): Promise<boolean> {
    const confidence = await tasks.run('confidence', 'Measuring how sure the bands are', async (options) => {
      const request = await host.study.refitRequest(kind ? { kind } : {}, { signal: options.signal });
      const rawScores = await host.training(request.kind).refit(request, options);
      return await host.study.acceptRefits({ kind: request.kind, rawScores }, { signal: options.signal });
    });
    if (confidence) {
      store.setState((state) => ({ confidence: { ...state.confidence, [kind ?? 'best']: confidence } }));
    }
    return confidence !== undefined;
  }

  return { train, measureConfidence };
}
