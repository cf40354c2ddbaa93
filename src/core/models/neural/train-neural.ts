import type { Checkpoint } from '../../shared/checkpoint.ts';
import { StudioError } from '../../shared/errors.ts';
import { createRandom } from '../../shared/random.ts';
import { fitEncoding } from '../encoding.ts';
import type { Round, Trained, TrainingContext, TrainingInput } from '../model.ts';
import { checkParameters } from '../parameter-check.ts';
import type { Parameters } from '../parameters.ts';
import { createBackend } from './backend.ts';
import { initialLayers, randomStreams } from './initial-layers.ts';
import { classWeights, encodedRows, examplesOf } from './network-examples.ts';
import type { NeuralModel } from './neural-model.ts';
import { neuralParameters, readNeuralSettings } from './neural-parameters.ts';
import { measureSensitivity } from './sensitivity.ts';
import { scoreEpoch } from './validation-score.ts';

/**
 * Trains the network with Adam on weighted log-loss, epoch by epoch, until the validation score has not risen for
 * `patience` epochs, and keeps the weights of the best epoch. The learning curve of the training rows is that of their
 * batches, with dropout on and weights still moving, as Keras shows it.
 */
export async function trainNeural(
  input: TrainingInput,
  parameters: Parameters,
  context: TrainingContext,
): Promise<Trained<NeuralModel>> {
  const settings = readNeuralSettings(parameters);
  const { checkpoint } = context;
  const weightOf = classWeights(input, settings.balanced);
  await checkpoint({ fraction: 0, stage: 'Encoding customers' });
  const encoding = fitEncoding(input.features, input.train);
  const rowsOf = (rows: Uint32Array) => encodedRows(encoding, input.features, rows, settings.clip);
  const train = examplesOf(input, input.train, rowsOf(input.train), weightOf);
  const validation = examplesOf(input, input.validation, rowsOf(input.validation), weightOf);
  const { hidden, batchNorm } = settings;
  const backend = await createBackend(context.kernels, {
    settings: { ...settings, seed: input.seed },
    layers: initialLayers(encoding.width, hidden, batchNorm, input.seed),
    train,
    validation,
  });
  try {
    const run = await runEpochs(context, checkpoint);
    return {
      model: {
        kind: 'neural',
        encoding,
        clip: settings.clip,
        sensitivity: measureSensitivity(run.layers, train),
        activation: 'relu',
        layers: run.layers,
        parameters: checkParameters('neural', neuralParameters, parameters),
      },
      rounds: run.rounds,
      bestRound: run.bestRound,
      backend: backend.name(),
      notes: [...backend.notes(), ...run.notes],
    };
  } finally {
    backend.close();
  }

  async function runEpochs({ onRound, shouldFinish }: TrainingContext, breathe: Checkpoint) {
    const random = createRandom(input.seed, randomStreams.order);
    const order = new Uint32Array(train.rowCount).map((_, i) => i);
    const rounds: Round[] = [];
    let best = Number.NEGATIVE_INFINITY;
    let bestRound = 0;
    let layers = backend.layers();
    let learningRate = settings.learningRate;
    let stopped = false;
    let finished = false;
    for (let epoch = 0; epoch < settings.epochs && !stopped && !finished; epoch++) {
      random.shuffle(order);
      const said = Number.isFinite(best) ? `, best ${settings.metric} ${best.toFixed(4)}` : '';
      const stage = `Epoch ${epoch + 1} of at most ${settings.epochs}${said}`;
      const result = await backend.epoch({ epoch, order, learningRate }, (done) =>
        breathe({ fraction: Math.min(1, (epoch + done) / settings.epochs), stage }),
      );
      const scores = scoreEpoch(result.validation, validation.labels, validation.weights);
      const round: Round = {
        round: epoch + 1,
        of: settings.epochs,
        train: plain(scoreEpoch(result.train, train.labels, train.weights)),
        validation: plain(scores),
      };
      rounds.push(round);
      onRound?.(round);
      checkFinite(result.train, epoch + 1);
      await breathe({ fraction: (epoch + 1) / settings.epochs, stage });
      const score = scores[settings.metric];
      // Without both classes in validation there is nothing to choose by: the last epoch stands.
      if (score > best || Number.isNaN(score)) {
        best = Number.isNaN(score) ? best : score;
        bestRound = epoch + 1;
        layers = backend.layers();
      }
      stopped = settings.patience > 0 && epoch + 1 - bestRound >= settings.patience;
      finished = shouldFinish?.() === true;
      learningRate *= settings.learningRateDecay;
    }
    await breathe({ fraction: 1, stage: 'Network trained' });
    return { rounds, bestRound, layers, notes: notesOn(rounds, bestRound, best, stopped, finished) };
  }

  function notesOn(
    rounds: readonly Round[],
    bestRound: number,
    best: number,
    stopped: boolean,
    finished: boolean,
  ): string[] {
    const notes: string[] = [];
    if (settings.clip > 0) {
      notes.push(`Numbers are cut at ${settings.clip} standard deviations from the training mean.`);
    }
    if (!Number.isFinite(best)) {
      notes.push('Validation does not hold both kinds of customers, so the last epoch was kept.');
    } else if (finished) {
      notes.push(`Ended on request after epoch ${rounds.length}; the best validation score was in epoch ${bestRound}.`);
    } else if (stopped) {
      notes.push(`Stopped after epoch ${rounds.length}; the best validation score was in epoch ${bestRound}.`);
    } else if (bestRound === rounds.length) {
      notes.push('The last epoch was the best; more epochs may do better.');
    }
    return notes;
  }
}

function plain({ loss, auc, average_precision }: ReturnType<typeof scoreEpoch>): Readonly<Record<string, number>> {
  return { loss, auc, average_precision };
}

function checkFinite(scores: Float32Array, epoch: number): void {
  if (scores.every((score) => Number.isFinite(score))) return;
  throw new StudioError('model.numeric', `The network's scores stopped being numbers in epoch ${epoch}.`, {
    fix: 'Lower learning_rate, or keep clip and batch_normalization on.',
  });
}
