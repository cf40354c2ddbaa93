import { NativeSelect, NumberInput } from '@mantine/core';
import type { CutChoice, DecisionSummary } from '../../../core/jobs/study-contract.ts';
import { useActions, useStudy } from '../../studio-context.ts';

/** The cut, set in whichever way a campaign is planned. */
export function CutForm({ decision }: { decision: DecisionSummary }) {
  const cut = useStudy((state) => state.spec.decision.cut);
  const { setCut } = useActions();
  return (
    <section className="sheet stack close">
      <h2 className="section-title">The cut</h2>
      <NativeSelect
        label="Contact customers"
        value={cut.by}
        onChange={(event) => setCut(startingWith(event.currentTarget.value as CutChoice['by'], decision))}
        data={[
          { value: 'score', label: 'From a propensity score' },
          { value: 'top-n', label: 'The best so many' },
          { value: 'top-share', label: 'The best so many per cent' },
          { value: 'budget', label: 'As far as a budget goes' },
          { value: 'suggested', label: 'Where profit is highest' },
        ]}
      />
      <Amount cut={cut} />
      <p className="muted small">
        The cut stands at score <strong className="number">{decision.cutScore.toFixed(3)}</strong>; suggested:{' '}
        <span className="number">{decision.suggestedCutScore.toFixed(3)}</span>.
      </p>
    </section>
  );
}

function Amount({ cut }: { cut: CutChoice }) {
  const { setCut } = useActions();
  switch (cut.by) {
    case 'score':
      return (
        <NumberInput
          label="Propensity score"
          min={0.01}
          max={0.99}
          step={0.01}
          decimalScale={3}
          value={cut.score}
          onChange={(value) =>
            typeof value === 'number' && value > 0 && value < 1 && setCut({ by: 'score', score: value })
          }
        />
      );
    case 'top-n':
      return (
        <NumberInput
          label="Customers"
          min={1}
          allowDecimal={false}
          thousandSeparator=","
          value={cut.count}
          onChange={(value) => typeof value === 'number' && value >= 1 && setCut({ by: 'top-n', count: value })}
        />
      );
    case 'top-share':
      return (
        <NumberInput
          label="Share, %"
          min={0.1}
          max={100}
          value={Math.round(cut.share * 1000) / 10}
          onChange={(value) =>
            typeof value === 'number' && value > 0 && setCut({ by: 'top-share', share: value / 100 })
          }
        />
      );
    case 'budget':
      return (
        <NumberInput
          label="Budget"
          min={0}
          thousandSeparator=","
          value={cut.budget}
          onChange={(value) => typeof value === 'number' && setCut({ by: 'budget', budget: value })}
        />
      );
    case 'suggested':
      return null;
  }
}

/** Another way to say the cut begins where the present one stands. */
function startingWith(by: CutChoice['by'], { cutScore, contacts, customers, excluded }: DecisionSummary): CutChoice {
  switch (by) {
    case 'score':
      return { by, score: Math.round(cutScore * 1000) / 1000 };
    case 'top-n':
      return { by, count: Math.max(1, Math.round(contacts.value)) };
    case 'top-share':
      return { by, share: Math.max(0.001, contacts.value / Math.max(1, customers - excluded)) };
    case 'budget':
      return { by, budget: 1000 };
    case 'suggested':
      return { by };
  }
}
