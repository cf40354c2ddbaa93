import type { ModelKind, Round } from '../../core/models/model.ts';
import { formatInteger, formatMeasure } from '../format.ts';

const width = 320;
const height = 140;
const margin = 8;

/**
 * A learning curve that may be redrawn four times a second while models train: two paths and a mark, nothing else.
 * `best` is the round that is kept; what came after it brought nothing.
 */
export function LiveCurve({
  kind,
  rounds,
  metric,
  onMetric,
  best,
}: {
  kind: ModelKind;
  rounds: readonly Round[];
  /** Shown where this model reports it. */
  metric: string;
  onMetric: (metric: string) => void;
  best?: number;
}) {
  const measures = measuresOf(rounds);
  const measure = measures.includes(metric) ? metric : measures.includes('auc') ? 'auc' : measures[0];
  if (!measure || rounds.length < 2) {
    return (
      <div className="live-curve muted small">
        {rounds.length === 1 && measure
          ? `${measureWords(measure)} ${formatMeasure(rounds[0]?.validation[measure] ?? Number.NaN)} after one round`
          : 'The learning curve appears here while it trains.'}
      </div>
    );
  }
  const validation = rounds.map((round) => round.validation[measure] ?? Number.NaN);
  const training = rounds.map((round) => round.train[measure] ?? Number.NaN);
  const all = [...validation, ...training].filter(Number.isFinite);
  const low = Math.min(...all);
  const high = Math.max(...all, low + 1e-9);
  const x = (i: number) => (i / (rounds.length - 1)) * width;
  const y = (value: number) => margin + (1 - (value - low) / (high - low)) * (height - 2 * margin);
  const path = (values: number[]) =>
    values
      .flatMap((value, i) => (Number.isFinite(value) ? [`${x(i).toFixed(1)},${y(value).toFixed(1)}`] : []))
      .join(' ');
  const bestIndex = best ? rounds.findIndex((round) => round.round === best) : -1;
  const shown = (bestIndex >= 0 ? validation[bestIndex] : validation.at(-1)) ?? Number.NaN;
  const after = rounds.length - 1 - bestIndex;
  const words = bestIndex >= 0 ? `best round ${best} of ${rounds.length}` : `round ${rounds.at(-1)?.round}`;
  return (
    <figure className="live-curve" data-figure={`learning-curve-${kind}`}>
      <div className="row apart small">
        <select
          className="select"
          aria-label={`Measure of the curve, ${kind}`}
          value={measure}
          onChange={(event) => onMetric(event.currentTarget.value)}
        >
          {measures.map((each) => (
            <option key={each} value={each}>
              {measureWords(each)}
            </option>
          ))}
        </select>
        <span>
          <strong className="number">{formatMeasure(shown)}</strong> <span className="muted">on validation</span>
        </span>
      </div>
      <div className="live-plot">
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${measureWords(measure)} on validation: ${formatMeasure(shown)}, ${words}`}
        >
          {bestIndex >= 0 && after > 0 && (
            <rect
              x={x(bestIndex)}
              width={width - x(bestIndex)}
              y={0}
              height={height}
              fill="var(--line)"
              opacity={0.55}
            />
          )}
          <polyline
            points={path(training)}
            fill="none"
            stroke="var(--muted)"
            strokeWidth={1.2}
            strokeDasharray="3 3"
            vectorEffect="non-scaling-stroke"
          />
          <polyline
            points={path(validation)}
            fill="none"
            stroke={`var(--${kind})`}
            strokeWidth={2}
            vectorEffect="non-scaling-stroke"
          />
          {bestIndex >= 0 && (
            <line
              x1={x(bestIndex)}
              x2={x(bestIndex)}
              y1={0}
              y2={height}
              stroke="var(--text)"
              strokeWidth={1}
              vectorEffect="non-scaling-stroke"
            />
          )}
        </svg>
        <span className="tick top">{formatMeasure(high)}</span>
        <span className="tick bottom">{formatMeasure(low)}</span>
      </div>
      <figcaption className="row apart small muted">
        <span>
          <i className="key" style={{ borderColor: `var(--${kind})` }} /> validation
          {training.some(Number.isFinite) && (
            <>
              {' '}
              <i className="key dashed" /> training
            </>
          )}
        </span>
        <span>
          {words}
          {bestIndex >= 0 && after > 0 && `; ${formatInteger(after)} more brought nothing`}
        </span>
      </figcaption>
    </figure>
  );
}

/** Every measure that is told of validation, in the order in which the model tells them. */
function measuresOf(rounds: readonly Round[]): string[] {
  return Object.keys(rounds.at(-1)?.validation ?? {});
}

function measureWords(measure: string): string {
  return (
    {
      auc: 'AUC',
      average_precision: 'Average precision',
      binary_logloss: 'Log-loss',
      weighted_binary_logloss: 'Log-loss, classes balanced',
      binary_error: 'Error rate',
      loss: 'Loss',
    }[measure] ?? measure
  );
}
