import { Button, NumberInput } from '@mantine/core';
import { loadScenarios, useLoaded } from '../../catalogues.ts';
import { formatInteger } from '../../format.ts';
import { useActions, useStudy } from '../../studio-context.ts';

/** Sample customers: whose, how many, how often they convert, and the seed they come from. */
export function SampleForm() {
  const spec = useStudy((state) => state.spec);
  const { changeSpec, makeCustomers } = useActions();
  const scenarios = useLoaded(loadScenarios) ?? [];
  return (
    <form
      className="sheet stack close"
      onSubmit={(event) => {
        event.preventDefault();
        void makeCustomers();
      }}
    >
      <h2 className="section-title">Make sample customers</h2>
      <div className="choices" role="radiogroup" aria-label="Scenario">
        {scenarios.map(({ id, label, description }) => (
          // A radio button that holds two lines of words.
          <button
            key={id}
            type="button"
            role="radio"
            aria-checked={spec.scenario === id}
            className="choice"
            onClick={() => changeSpec({ scenario: id })}
          >
            <strong>{label}</strong>
            <span className="muted small">{description}</span>
          </button>
        ))}
      </div>
      <div className="row end">
        <NumberInput
          className="field-width"
          label="Customers"
          min={1000}
          max={1_000_000}
          step={10_000}
          thousandSeparator=","
          allowDecimal={false}
          value={spec.customers}
          onChange={(value) => typeof value === 'number' && value >= 1000 && changeSpec({ customers: value })}
        />
        <NumberInput
          className="field-width"
          label="Conversion rate, %"
          min={0.5}
          max={50}
          step={0.5}
          decimalScale={2}
          value={round(spec.conversionRate * 100)}
          onChange={(value) => typeof value === 'number' && value > 0 && changeSpec({ conversionRate: value / 100 })}
        />
        <NumberInput
          className="field-width"
          label="Seed"
          min={0}
          max={4_294_967_295}
          allowDecimal={false}
          value={spec.seed}
          onChange={(value) => typeof value === 'number' && changeSpec({ seed: value })}
        />
      </div>
      <div className="row">
        <Button type="submit">Make {formatInteger(spec.customers)} customers</Button>
        <span className="muted small">The same seed gives the same customers, to the byte.</span>
      </div>
    </form>
  );
}

const round = (value: number) => Math.round(value * 1000) / 1000;
