import { useCallback } from 'react';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatInteger, formatMeasure, formatPercent, unbroken } from '../../format.ts';
import { useStudio } from '../../studio-context.ts';
import { useAnswer, valueOf } from './use-answer.ts';
import { Waiting } from './waiting.tsx';

/** The model told in a few rules, and how much of it they tell. */
export function SurrogateRules({ model }: { model: ModelId }) {
  const { host } = useStudio();
  const answer = useAnswer(useCallback((options) => host.study.surrogate({ model }, options), [host, model]));
  const surrogate = valueOf(answer);
  return (
    <section className="stack close" aria-label="Rules">
      <h2 className="section-title">In a few rules</h2>
      <Waiting answer={answer} what="Imitating the model" />
      {surrogate && (
        <>
          <p>{unbroken(surrogate.verdict)}</p>
          <PlainTable
            label="Rules that imitate the model"
            rows={surrogate.rules}
            rowKey={({ words }) => words}
            columns={[
              { title: 'Customers with', renderCell: ({ words }) => <div style={{ minWidth: 240 }}>{words}</div> },
              {
                title: 'Customers',
                number: true,
                sort: ({ customers }) => customers,
                renderCell: ({ customers }) => formatInteger(customers),
              },
              { title: 'Share', number: true, renderCell: ({ share }) => formatPercent(share) },
              {
                title: 'Mean score',
                number: true,
                sort: ({ propensity }) => propensity,
                renderCell: ({ propensity }) => formatMeasure(propensity),
              },
              {
                title: 'Conversion on test',
                number: true,
                sort: ({ conversion }) => conversion || 0,
                renderCell: ({ conversion }) => formatPercent(conversion),
              },
            ]}
          />
        </>
      )}
    </section>
  );
}
