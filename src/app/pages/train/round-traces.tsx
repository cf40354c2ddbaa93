import type { Round } from '../../../core/models/model.ts';
import { formatNumber } from '../../format.ts';

const traces = [
  { measure: 'learning_rate', label: 'Learning rate' },
  { measure: 'gradient_norm', label: 'Gradient norm' },
] as const;
const width = 140;
const height = 28;

/** What a network tells of every epoch beneath its loss, small, while it learns and after. */
export function RoundTraces({ rounds }: { rounds: readonly Round[] }) {
  const told = traces.flatMap(({ measure, label }) => {
    const values = rounds.map(({ train }) => train[measure] ?? Number.NaN).filter(Number.isFinite);
    return values.length < 2 ? [] : [{ label, values }];
  });
  if (told.length === 0) return null;
  return (
    <div className="round-traces">
      {told.map(({ label, values }) => {
        const low = Math.min(...values);
        const span = Math.max(...values) - low || 1;
        const points = values
          .map((value, i) => `${(i / (values.length - 1)) * width},${2 + (1 - (value - low) / span) * (height - 4)}`)
          .join(' ');
        const last = formatNumber(values.at(-1) ?? Number.NaN);
        return (
          <div key={label} className="small">
            <div className="row apart">
              <span className="muted">{label}</span>
              <span className="number">{last}</span>
            </div>
            <svg
              viewBox={`0 0 ${width} ${height}`}
              preserveAspectRatio="none"
              role="img"
              aria-label={`${label}: ${formatNumber(values[0] ?? Number.NaN)} in the first epoch, ${last} in the last`}
            >
              <polyline
                points={points}
                fill="none"
                stroke="var(--neural)"
                strokeWidth={1.5}
                vectorEffect="non-scaling-stroke"
              />
            </svg>
          </div>
        );
      })}
    </div>
  );
}
