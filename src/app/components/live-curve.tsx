import type { ModelKind, Round } from '../../core/models/model.ts';
import { formatMeasure } from '../format.ts';

const width = 320;
const height = 120;

/**
 * A learning curve that may be redrawn four times a second while models train: two paths, nothing else.
 */
export function LiveCurve({ kind, rounds, best }: { kind: ModelKind; rounds: readonly Round[]; best?: number }) {
  const measure = measureOf(rounds);
  if (!measure || rounds.length < 2) {
    return (
      <div className="live-curve muted small" style={{ height }}>
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
  const y = (value: number) => 6 + (1 - (value - low) / (high - low)) * (height - 12);
  const path = (values: number[]) =>
    values
      .flatMap((value, i) => (Number.isFinite(value) ? [`${x(i).toFixed(1)},${y(value).toFixed(1)}`] : []))
      .join(' ');
  const bestIndex = best ? rounds.findIndex((round) => round.round === best) : -1;
  const last = validation.at(-1) ?? Number.NaN;
  return (
    <figure className="live-curve" data-figure={`learning-curve-${kind}`}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${measureWords(measure)} on validation after ${rounds.length} rounds: ${formatMeasure(last)}`}
      >
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
            stroke="var(--line-strong)"
            vectorEffect="non-scaling-stroke"
          />
        )}
      </svg>
      <figcaption className="row apart small muted">
        <span>
          {measureWords(measure)}{' '}
          <strong className="number">{formatMeasure(bestIndex >= 0 ? (validation[bestIndex] ?? last) : last)}</strong>{' '}
          on validation
        </span>
        <span>
          {bestIndex >= 0 ? `best round ${best} of ${rounds.length}` : `round ${rounds.length}`}
          {training.some(Number.isFinite) && ' · dashed: training'}
        </span>
      </figcaption>
    </figure>
  );
}

/** AUC where it is reported: it can be compared between models. Otherwise the first that is. */
function measureOf(rounds: readonly Round[]): string | undefined {
  const reported = Object.keys(rounds.at(-1)?.validation ?? {});
  return reported.find((measure) => measure === 'auc') ?? reported[0];
}

function measureWords(measure: string): string {
  return (
    {
      auc: 'AUC',
      averagePrecision: 'Average precision',
      average_precision: 'Average precision',
      logLoss: 'Log-loss',
      log_loss: 'Log-loss',
      loss: 'Loss',
    }[measure] ?? measure
  );
}
