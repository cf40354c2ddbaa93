import type { NetworkExamples } from '../../kernels/dense-training.ts';
import { StudioError } from '../../shared/errors.ts';
import { createRandom } from '../../shared/random.ts';
import type { Round, TrainingContext, TrainingInput } from '../model.ts';
import { createBackend, type EpochResult } from './backend.ts';
import { initialEmbeddings, initialLayers, randomStreams } from './initial-weights.ts';
import type { InputLayout } from './input-layout.ts';
import { learningRateAfter } from './learning-rate.ts';
import { createLoss } from './network-loss.ts';
import type { NeuralSettings } from './neural-parameters.ts';
import type { BestEpoch, NeuralState } from './training-state.ts';
import { scoreEpoch } from './validation-score.ts';

export interface NetworkJob {
  readonly settings: NeuralSettings;
  readonly input: TrainingInput;
  readonly context: TrainingContext;
  readonly layout: InputLayout;
  readonly train: NetworkExamples;
  readonly validation: NetworkExamples;
  /** Of all networks so far; this one's are added. */
  readonly rounds: Round[];
  /** The ensemble's networks before this one. */
  readonly finished: readonly BestEpoch[];
  readonly resumed?: NeuralState;
}

interface NetworkRun {
  readonly best: BestEpoch;
  /** Whether it was asked to end: then no further network follows. */
  readonly finishes: boolean;
  readonly backend: string;
  readonly notes: readonly string[];
}

/** Trains one network to its best epoch. */
export async function trainNetwork(job: NetworkJob): Promise<NetworkRun> {
  const { settings, input, context, layout, train, validation, rounds, finished, resumed } = job;
  const { checkpoint: breathe, onRound, shouldFinish, onState, stoppingMetric } = context;
  const member = finished.length;
  const seed = input.seed + member;
  const weights = resumed?.weights ?? {
    layers: initialLayers(layout.width, settings.hidden, settings.batchNorm, seed),
    embeddings: initialEmbeddings(layout.embedded, seed),
  };
  const start = { settings: { ...settings, seed }, weights, train, validation };
  const backend = await createBackend(
    context.kernels,
    resumed ? { ...start, optimizer: resumed.optimizer } : start,
    settings.backend,
  );
  const loss = createLoss(settings);
  const random = createRandom(seed, randomStreams.order);
  const order = new Uint32Array(train.rowCount).map((_, i) => i);
  const before = rounds.length - (resumed?.epochs ?? 0);
  const watched = stoppingMetric?.name ?? settings.metric;
  const sign = stoppingMetric && !stoppingMetric.higherIsBetter ? -1 : 1;
  const scoreOf = ({ validation: measures }: Round) => sign * (measures[watched] ?? Number.NaN);
  const ofAll = settings.epochs * settings.ensembleSize;
  let best: BestEpoch = resumed?.best ?? { epoch: 0, score: Number.NEGATIVE_INFINITY, weights };
  let stopped = false;
  let finishes = false;
  for (let epoch = 0; epoch < (resumed?.epochs ?? 0); epoch++) random.shuffle(order);

  function measure(epoch: number, learningRate: number, { train: outcome, validation: scores }: EpochResult): Round {
    const measured = scoreEpoch(scores, validation.labels, validation.weights, loss);
    const own = stoppingMetric && { [stoppingMetric.name]: ownMeasure(scores) };
    return {
      round: before + epoch + 1,
      of: ofAll,
      train: {
        ...scoreEpoch(outcome.scores, train.labels, train.weights, loss),
        learning_rate: learningRate,
        gradient_norm: outcome.gradientNorm,
      },
      validation: { ...measured, ...own },
    };
  }

  function ownMeasure(scores: Float32Array): number {
    const labels = Int8Array.from(input.validation, (row) => input.labels[row] as number);
    const rowWeights = input.weights && Float64Array.from(input.validation, (row) => input.weights?.[row] ?? 1);
    return stoppingMetric?.measure(Float64Array.from(scores), labels, rowWeights) ?? Number.NaN;
  }

  try {
    for (let epoch = resumed?.epochs ?? 0; epoch < settings.epochs && !stopped && !finishes; epoch++) {
      random.shuffle(order);
      const learningRate = learningRateAfter(settings, rounds.slice(before).map(scoreOf));
      const result = await backend.epoch({ epoch, order, learningRate }, (done, trained) =>
        breathe({ fraction: Math.min(1, (before + epoch + done) / ofAll), stage: stageOf(epoch, trained) }),
      );
      const round = measure(epoch, learningRate, result);
      rounds.push(round);
      onRound?.(round);
      checkFinite(result.train.scores, epoch + 1);
      const score = scoreOf(round);
      // Without both classes in validation there is nothing to choose by: the last epoch stands.
      if (score > best.score || Number.isNaN(score)) {
        best = { epoch: epoch + 1, score: Number.isNaN(score) ? best.score : score, weights: backend.weights() };
      }
      if (backend.canResume()) onState?.(() => stateAfter(epoch + 1));
      await breathe({ fraction: (before + epoch + 1) / ofAll, stage: stageOf(epoch, 1) });
      stopped = settings.patience > 0 && epoch + 1 - best.epoch >= settings.patience;
      finishes = shouldFinish?.() === true;
    }
    const notes = [...backend.notes(), ...notesOn(rounds.length - before)];
    return { best, finishes, backend: backend.name(), notes };
  } finally {
    backend.close();
  }

  function stateAfter(epochs: number): NeuralState {
    return { kind: 'neural', finished, rounds: [...rounds], epochs, best, ...backend.state() };
  }

  function stageOf(epoch: number, trained: number): string {
    const network = settings.ensembleSize > 1 ? `Network ${member + 1} of ${settings.ensembleSize}, epoch` : 'Epoch';
    const steps = Math.ceil(train.rowCount / settings.batchSize);
    const place = `step ${Math.round(trained * steps)} of ${steps} on ${backend.name()}`;
    const said = Number.isFinite(best.score) ? `, best ${watched} ${(sign * best.score).toFixed(4)}` : '';
    return `${network} ${epoch + 1} of at most ${settings.epochs}, ${place}${said}`;
  }

  function notesOn(epochs: number): string[] {
    const which = settings.ensembleSize > 1 ? `Network ${member + 1}: ` : '';
    const end = `after epoch ${epochs}; the best validation score was in epoch ${best.epoch}.`;
    if (!Number.isFinite(best.score))
      return [`${which}Validation does not hold both kinds of customers, so the last epoch was kept.`];
    if (finishes) return [`${which}Ended on request ${end}`];
    if (stopped) return [`${which}Stopped ${end}`];
    return best.epoch === epochs ? [`${which}The last epoch was the best; more epochs may do better.`] : [];
  }
}

function checkFinite(scores: Float32Array, epoch: number): void {
  if (scores.every((score) => Number.isFinite(score))) return;
  throw new StudioError('model.numeric', `The network's scores stopped being numbers in epoch ${epoch}.`, {
    fix: 'Lower learning_rate, or keep clip and batch_normalization on.',
  });
}
