import { StudioError } from '../../shared/errors.ts';
import { fitEncoding } from '../encoding.ts';
import type { Round, Trained, TrainingContext, TrainingInput } from '../model.ts';
import { checkParameters } from '../parameter-check.ts';
import type { Parameters } from '../parameters.ts';
import { foldNetwork } from './fold-layer.ts';
import { foldEmbeddings, layOutInputs, layoutRows } from './input-layout.ts';
import { classWeights, encodedRows, examplesOf } from './network-examples.ts';
import type { NeuralModel } from './neural-model.ts';
import { neuralParameters, readNeuralSettings } from './neural-parameters.ts';
import { measureSensitivity } from './sensitivity.ts';
import { trainNetwork } from './train-network.ts';
import type { BestEpoch } from './training-state.ts';

/**
 * Trains the network with Adam on the weighted loss, epoch by epoch, until the validation score has not risen for
 * `patience` epochs, and keeps the weights of the best epoch; an ensemble's networks one after the other. The learning
 * curve of the training rows is that of their batches, with dropout on and weights still moving, as Keras shows it.
 */
export async function trainNeural(
  input: TrainingInput,
  parameters: Parameters,
  context: TrainingContext,
): Promise<Trained<NeuralModel>> {
  const settings = readNeuralSettings(parameters);
  const resumed = context.resumeFrom?.kind === 'neural' ? context.resumeFrom : undefined;
  const weightOf = classWeights(input, settings);
  await context.checkpoint({ fraction: 0, stage: 'Encoding customers' });
  const { features } = input;
  const encoding = fitEncoding(features, input.train, settings.encoding);
  const layout = layOutInputs(encoding, features, input.train, {
    embeds: settings.embeds,
    dimension: settings.embeddingDimension,
  });
  const rowsOf = (rows: Uint32Array) => layoutRows(layout, features, rows, settings.clip);
  const train = examplesOf(input, input.train, rowsOf(input.train), weightOf);
  const validation = examplesOf(input, input.validation, rowsOf(input.validation), weightOf);
  const rounds: Round[] = [...(resumed?.rounds ?? [])];
  const finished: BestEpoch[] = [...(resumed?.finished ?? [])];
  const notes: string[] = [];
  let backend = '';
  for (let member = finished.length; member < settings.ensembleSize; member++) {
    const run = await trainNetwork({
      settings,
      input,
      context,
      layout,
      train,
      validation,
      rounds,
      finished,
      ...(resumed && resumed.finished.length === member ? { resumed } : {}),
    });
    finished.push(run.best);
    notes.push(...run.notes);
    backend = run.backend;
    if (run.finishes) break;
  }
  await context.checkpoint({ fraction: 1, stage: 'Network trained' });
  const networks = finished.map(({ weights }) => foldEmbeddings(weights, layout));
  const [layers, ...ensemble] = networks;
  if (!layers) throw new StudioError('internal', 'No network was trained.');
  const folded = networks.map((each) => foldNetwork(each, settings.activation));
  const model: NeuralModel = {
    kind: 'neural',
    encoding,
    clip: settings.clip,
    sensitivity: measureSensitivity(folded, encodedRows(encoding, features, input.train, settings.clip)),
    activation: settings.activation,
    layers,
    ...(ensemble.length > 0 && { ensemble }),
    parameters: checkParameters('neural', neuralParameters, parameters),
  };
  const general: string[] = [];
  if (settings.clip > 0)
    general.push(`Numbers are cut at ${settings.clip} standard deviations from the training mean.`);
  return { model, rounds, bestRound: finished[0]?.epoch ?? 0, backend, notes: [...notes, ...general] };
}
