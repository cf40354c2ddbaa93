import { SegmentedControl } from '@mantine/core';
import type { EvaluatedModel } from '../../../core/jobs/study-contract.ts';
import { formatInteger, formatPercent } from '../../format.ts';
import { useChoice } from '../../shell/view.ts';

/** Who was contacted and who bought, at the cut, as counts and shares. */
export function ConfusionTable({ models, cut }: { models: readonly EvaluatedModel[]; cut: number }) {
  const [kind, setKind] = useChoice(
    'model',
    models.map((each) => each.kind),
  );
  const model = models.find((each) => each.kind === kind);
  if (!model) return null;
  const { truePositive, falsePositive, trueNegative, falseNegative } = model.confusion;
  const total = truePositive + falsePositive + trueNegative + falseNegative;
  const contacted = truePositive + falsePositive;
  const buyers = truePositive + falseNegative;
  const cell = (count: number, right: boolean) => (
    <td className={right ? 'right' : ''}>
      <strong>{formatInteger(count)}</strong>
      <span className="muted small">{formatPercent(count / total)}</span>
    </td>
  );
  return (
    <div className="sheet stack close">
      <SegmentedControl
        className="wrapping"
        style={{ alignSelf: 'flex-start' }}
        aria-label="Model"
        value={model.kind}
        onChange={setKind}
        data={models.map((each) => ({ value: each.kind, label: each.label }))}
      />
      <div style={{ overflowX: 'auto' }}>
        <table className="confusion">
          <thead>
            <tr>
              <th />
              <th scope="col">Score ≥ {cut.toFixed(2)}: contacted</th>
              <th scope="col">Below: not contacted</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">Converted</th>
              {cell(truePositive, true)}
              {cell(falseNegative, false)}
            </tr>
            <tr>
              <th scope="row">Did not</th>
              {cell(falsePositive, false)}
              {cell(trueNegative, true)}
            </tr>
          </tbody>
        </table>
      </div>
      <p>
        Of 100 customers contacted, {Math.round((100 * truePositive) / Math.max(1, contacted))} convert;{' '}
        {formatPercent(truePositive / Math.max(1, buyers))} of all who convert are among them.
      </p>
    </div>
  );
}
