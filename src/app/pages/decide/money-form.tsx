import { NativeSelect, NumberInput } from '@mantine/core';
import { useActions, useStudy } from '../../studio-context.ts';

const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'INR', 'BRL', 'PLN', 'SEK'];

/** What a conversion is worth and what a contact costs. */
export function MoneyForm() {
  const settings = useStudy((state) => state.spec.decision);
  const { changeDecision } = useActions();
  return (
    <section className="sheet stack close">
      <h2 className="section-title">Worth and cost</h2>
      <NumberInput
        label="Value of a conversion"
        min={0}
        decimalScale={2}
        value={settings.valuePerConversion}
        onChange={(value) => typeof value === 'number' && changeDecision({ valuePerConversion: value })}
      />
      <NumberInput
        label="Cost of a contact"
        min={0}
        decimalScale={2}
        value={settings.costPerContact}
        onChange={(value) => typeof value === 'number' && changeDecision({ costPerContact: value })}
      />
      <NativeSelect
        label="Currency"
        data={currencies.includes(settings.currency) ? currencies : [settings.currency, ...currencies]}
        value={settings.currency}
        onChange={(event) => changeDecision({ currency: event.currentTarget.value })}
      />
      <NumberInput
        label="Control group, % of the list"
        description="Marked at random and not contacted, so that the effect can be measured"
        min={0}
        max={50}
        value={Math.round(settings.controlShare * 100)}
        onChange={(value) => typeof value === 'number' && changeDecision({ controlShare: value / 100 })}
      />
    </section>
  );
}
