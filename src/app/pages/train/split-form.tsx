import { NumberInput, SegmentedControl } from '@mantine/core';
import { formatPercent } from '../../format.ts';
import { useActions, useStudy } from '../../studio-context.ts';

/** Who is learned from, who chooses, and who judges. */
export function SplitForm() {
  const split = useStudy((state) => state.spec.split);
  const hasDate = useStudy((state) => state.dataset?.columns.some((column) => column.role === 'date') ?? false);
  const { changeSpec } = useActions();
  const set = (train: number, validation: number) => {
    const test = Math.round((1 - train - validation) * 100) / 100;
    if (train > 0 && validation > 0 && test >= 0.05) changeSpec({ split: { ...split, train, validation, test } });
  };
  return (
    <div className="sheet stack close">
      <div className="row end">
        <NumberInput
          className="field-width"
          label="Training, %"
          min={20}
          max={90}
          step={5}
          value={Math.round(split.train * 100)}
          onChange={(value) => typeof value === 'number' && set(value / 100, split.validation)}
        />
        <NumberInput
          className="field-width"
          label="Validation, %"
          min={5}
          max={40}
          step={5}
          value={Math.round(split.validation * 100)}
          onChange={(value) => typeof value === 'number' && set(split.train, value / 100)}
        />
        <p>
          Test: <strong>{formatPercent(split.test)}</strong>
        </p>
      </div>
      <SegmentedControl
        className="wrapping"
        aria-label="How customers are split"
        style={{ alignSelf: 'flex-start' }}
        value={split.by}
        onChange={(by) => changeSpec({ split: { ...split, by: by as 'random' | 'time' } })}
        data={[
          { value: 'random', label: 'At random, same share of buyers' },
          { value: 'time', label: 'By time: oldest train, newest test', disabled: !hasDate },
        ]}
      />
      <p className="muted small">
        Models learn on training customers, are tuned, calibrated and chosen on validation, and judged once on test.
        Customers of one id stay on one side.
        {!hasDate && ' To split by time, give a column the role Date on the Data page.'}
      </p>
    </div>
  );
}
