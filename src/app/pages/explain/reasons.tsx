import { reasonsNote } from '../../../core/explanation/reasons.ts';
import type { Reason } from '../../../core/jobs/study-contract.ts';
import { formatPercent, unbroken } from '../../format.ts';

/** What speaks for and what against one customer's conversion, in plain words, with whether it could be changed. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  return (
    <section className="stack tight" aria-label="Reasons">
      <div className="columns">
        <List title="Speaks for it" reasons={reasons.filter(({ direction }) => direction === 'for')} />
        <List title="Speaks against it" reasons={reasons.filter(({ direction }) => direction === 'against')} />
      </div>
      <p className="muted small">{reasonsNote}</p>
    </section>
  );
}

function List({ title, reasons }: { title: string; reasons: readonly Reason[] }) {
  return (
    <div>
      <h3 className="figure-title">{title}</h3>
      {reasons.length === 0 ? (
        <p className="muted">Nothing.</p>
      ) : (
        <ul>
          {reasons.map(({ column, words, changeable, stability }) => (
            <li key={column}>
              {unbroken(words)}{' '}
              {changeable !== null && (
                <span className="muted small">{changeable ? 'Could be changed.' : 'Cannot be changed.'}</span>
              )}{' '}
              {stability !== null && (
                <span className="muted small">
                  Refits on other customers name it again {formatPercent(stability)} of the time.
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
