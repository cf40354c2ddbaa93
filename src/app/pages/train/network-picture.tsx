import type { NetworkSummary } from '../../../core/jobs/study-contract.ts';
import { formatInteger } from '../../format.ts';

const width = 360;
const barHeight = 30;
const gap = 34;
const widest = 320;

/** The network from its inputs down to the score: the wider a bar, the more units (by their square root). */
export function NetworkPicture({ network }: { network: NetworkSummary }) {
  const { features, inputs, activation, layers } = network;
  const bars = [
    { key: 'Inputs', units: inputs, words: `${formatInteger(inputs)} inputs of ${formatInteger(features)} features` },
    ...layers.map((layer, i) => ({
      key: layer.name,
      units: layer.units,
      words:
        i === layers.length - 1
          ? '1 score'
          : `${formatInteger(layer.units)} units, ${activation === 'relu' ? 'ReLU' : activation.toUpperCase()}`,
    })),
  ];
  const most = Math.max(...bars.map(({ units }) => units));
  const widthOf = (units: number) => Math.max(10, widest * Math.sqrt(units / most));
  const top = (i: number) => i * (barHeight + gap);
  return (
    <svg
      className="network-picture"
      viewBox={`0 0 ${width} ${top(bars.length) - gap}`}
      role="img"
      aria-label={`From ${bars.map(({ words }) => words).join(' to ')}`}
    >
      {bars.map((bar, i) => {
        const next = bars[i + 1];
        const half = widthOf(bar.units) / 2;
        const below = widthOf(next?.units ?? 1) / 2;
        const middle = width / 2;
        const isWide = half * 2 > (bar === bars[0] ? 190 : 110);
        return (
          <g key={bar.key}>
            {next && (
              <path
                className="ribbon"
                d={`M${middle - half} ${top(i) + barHeight}L${middle - below} ${top(i + 1)}H${middle + below}L${middle + half} ${top(i) + barHeight}Z`}
              />
            )}
            <rect
              className={i === 0 ? 'bar first' : 'bar'}
              x={middle - half}
              y={top(i)}
              width={2 * half}
              height={barHeight}
              rx={4}
            />
            {next && (
              <text className="count" x={middle} y={top(i) + barHeight + gap / 2 + 4} textAnchor="middle">
                {formatInteger(layers[i]?.parameters ?? 0)} parameters
              </text>
            )}
            <text
              className={isWide ? 'inside' : 'beside'}
              x={isWide ? middle : middle + half + 8}
              y={top(i) + barHeight / 2 + 4}
              textAnchor={isWide ? 'middle' : 'start'}
            >
              {bar.words}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
