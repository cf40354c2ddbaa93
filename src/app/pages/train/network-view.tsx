import { useMemo } from 'react';
import type { ModelSummary, NetworkSummary } from '../../../core/jobs/study-contract.ts';
import { roundTraceFigure } from '../../../core/reports/figures/round-trace.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Stats } from '../../components/stats.tsx';
import { formatInteger, formatSeconds } from '../../format.ts';
import { useStudio } from '../../studio-context.ts';
import { ModelAnswer } from './model-answer.tsx';
import { NetworkPicture } from './network-picture.tsx';

/** What the network is made of, how its training went beneath the loss, and how its weights came to lie. */
export default function NetworkView({ model }: { model: ModelSummary }) {
  const { host } = useStudio();
  const question = useMemo(
    () =>
      ({
        key: 'network',
        task: 'network',
        name: 'Looking into the network',
        ask: (options) => host.study.network({}, options),
      }) as const satisfies Parameters<typeof ModelAnswer<NetworkSummary>>[0]['question'],
    [host],
  );
  const traces = (['learning_rate', 'gradient_norm'] as const).flatMap(
    (measure) => roundTraceFigure(model.rounds, { measure, bestRound: model.bestRound }) ?? [],
  );
  return (
    <ModelAnswer model={model} question={question}>
      {(network) => (
        <div className="stack">
          <p>{network.verdict}</p>
          <Stats
            stats={[
              { label: 'Parameters', value: formatInteger(network.parameterCount) },
              {
                label: 'Epochs',
                value: formatInteger(model.rounds.length),
                band: `epoch ${formatInteger(model.bestRound)} was kept`,
              },
              { label: 'Trained in', value: formatSeconds(model.trainSeconds), band: model.backend },
            ]}
          />
          <Architecture network={network} />
          <section className="stack close" aria-label="Training by epoch">
            <h2 className="section-title">Epoch by epoch</h2>
            <div className="figure-pairs">
              {traces.map((figure) => (
                <FigureView key={figure.id} figure={figure} height={240} />
              ))}
            </div>
          </section>
          <section className="stack close" aria-label="Weights">
            <h2 className="section-title">Weights of each layer</h2>
            <div className="figure-multiples">
              {network.layers.map(({ weights }) => (
                <FigureView key={weights.id} figure={weights} height={200} />
              ))}
            </div>
          </section>
        </div>
      )}
    </ModelAnswer>
  );
}

function Architecture({ network }: { network: NetworkSummary }) {
  return (
    <section className="stack close" aria-label="Architecture">
      <h2 className="section-title">Architecture</h2>
      <div className="architecture">
        <NetworkPicture network={network} />
        <PlainTable
          label="Layers"
          rows={network.layers}
          rowKey={(layer) => layer.name}
          columns={[
            { title: 'Layer', renderCell: (layer) => <span className="cell-name">{layer.name}</span> },
            { title: 'Inputs', number: true, renderCell: (layer) => formatInteger(layer.inputs) },
            { title: 'Units', number: true, renderCell: (layer) => formatInteger(layer.units) },
            { title: 'Parameters', number: true, renderCell: (layer) => formatInteger(layer.parameters) },
            { title: 'Batch normalisation', renderCell: (layer) => (layer.normalised ? 'yes' : 'no') },
          ]}
        />
      </div>
    </section>
  );
}
