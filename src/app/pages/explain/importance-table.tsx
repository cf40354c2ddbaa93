import { useCallback } from 'react';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatInteger, formatNumber, unbroken } from '../../format.ts';
import { useStudio } from '../../studio-context.ts';
import { useAnswer, valueOf } from './use-answer.ts';
import { Waiting } from './waiting.tsx';

/** What the model leans on, four ways side by side: they answer different questions. */
export function ImportanceTable({ model }: { model: ModelId }) {
  const { host } = useStudio();
  const answer = useAnswer(useCallback((options) => host.study.importances({ model }, options), [host, model]));
  const importances = valueOf(answer);
  return (
    <section className="stack close" aria-label="Importance">
      <h2 className="section-title">Importance, four ways</h2>
      <Waiting answer={answer} what="Measuring importance" />
      {importances && (
        <>
          <p>{unbroken(importances.verdict)}</p>
          <div className="columns">
            <FigureView figure={importances.figure} height={420} />
            <FigureView figure={importances.shuffled} height={420} />
          </div>
          <PlainTable
            label="Importance of features"
            rows={importances.rows}
            rowKey={({ feature }) => feature}
            maxHeight={420}
            columns={[
              {
                title: 'Feature',
                sort: ({ feature }) => feature,
                renderCell: ({ feature }) => <span className="cell-name">{feature}</span>,
              },
              {
                title: 'Mean |SHAP|',
                number: true,
                sort: ({ shap }) => shap,
                renderCell: ({ shap }) => formatNumber(shap),
              },
              {
                title: '95 % band',
                number: true,
                renderCell: ({ low, high }) => unbroken(`${formatNumber(low)}–${formatNumber(high)}`),
              },
              {
                title: 'AUC lost when shuffled',
                number: true,
                sort: ({ permutation }) => permutation,
                renderCell: ({ permutation, permutationSpread }) =>
                  `${permutation.toFixed(4).replace('-', '−')} ± ${permutationSpread.toFixed(4)}`,
              },
              {
                title: 'Gain',
                number: true,
                sort: ({ gain }) => gain || 0,
                renderCell: ({ gain }) => formatNumber(gain),
              },
              {
                title: 'Splits',
                number: true,
                sort: ({ splits }) => splits || 0,
                renderCell: ({ splits }) => formatInteger(splits),
              },
              { title: 'Meaning', renderCell: ({ description }) => <div className="cell-words">{description}</div> },
            ]}
          />
        </>
      )}
    </section>
  );
}
