import { Button } from '@mantine/core';
import type { DecisionSummary } from '../../../core/jobs/study-contract.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { StaleNotice } from '../../components/stale-notice.tsx';
import { Stats } from '../../components/stats.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { formatInteger, formatMoney, formatPercent } from '../../format.ts';
import { goTo } from '../../shell/view.ts';
import { useActions, useStudio, useStudy } from '../../studio-context.ts';
import { CutForm } from './cut-form.tsx';
import { ExclusionsForm } from './exclusions-form.tsx';
import { MoneyForm } from './money-form.tsx';

/** Whom to contact, and what that is expected to bring. */
export default function DecidePage() {
  const decision = useStudy((state) => state.decision);
  if (decision) return <Decided decision={decision} />;
  return (
    <div className="stack">
      <Verdict step="Decide">
        Nothing to decide yet. With an evaluated model, this page turns scores into a list of whom to contact.
      </Verdict>
      <Failure of="decide" />
      <Empty title="An evaluated model comes first" action={<Button onClick={() => goTo('train')}>Go to Train</Button>}>
        Train and evaluate the models, or press "Run everything".
      </Empty>
    </div>
  );
}

function Decided({ decision }: { decision: DecisionSummary }) {
  const settings = useStudy((state) => state.spec.decision);
  const seed = useStudy((state) => state.spec.seed);
  const actions = useActions();
  const { host } = useStudio();
  const money = (value: number) => formatMoney(value, settings.currency);
  const range = ({ low, high }: { low: number; high: number }, format: (value: number) => string) =>
    `${format(low)}–${format(high)}`;
  return (
    <div className="stack">
      <Verdict step="Decide">{decision.verdict}</Verdict>
      <Failure of="decide" />
      <StaleNotice
        stage="decide"
        what="The figures"
        action={
          <Button size="compact-sm" onClick={() => void actions.evaluate()}>
            Work them out again
          </Button>
        }
      />
      <Stats
        stats={[
          {
            label: 'Contacts',
            value: formatInteger(decision.contacts.value),
            band: contactWords(decision, settings.controlShare),
          },
          {
            label: 'Expected conversions',
            value: formatInteger(decision.conversions.value),
            band: range(decision.conversions, formatInteger),
          },
          { label: 'Expected profit', value: money(decision.profit.value), band: range(decision.profit, money) },
          {
            label: 'Of all buyers reached',
            value: formatPercent(decision.reach.value),
            band: range(decision.reach, formatPercent),
          },
        ]}
      />
      <div className="row">
        <Button
          onClick={() =>
            void actions.download('Writing the list', (options) =>
              host.study.contactList({ ...settings, seed }, options),
            )
          }
        >
          Download the list
        </Button>
        <span className="muted small">
          Id, rank, score, probability, band, contact yes or no, control, model version and cut: one row per customer.
        </span>
      </div>
      <div className="split answer-first">
        <div className="stack close">
          <MoneyForm />
          <CutForm decision={decision} />
          <ExclusionsForm />
        </div>
        <div className="stack close">
          <FigureView figure={decision.profitCurve} height={400} />
          <p className="muted small">
            The suggested cut is found on validation customers and read on test customers. Bands of 95&nbsp;% carry the
            chance in drawing the test customers.
          </p>
        </div>
      </div>
    </div>
  );
}

function contactWords({ customers, excluded, contacts }: DecisionSummary, controlShare: number): string {
  const held = Math.round(contacts.value * controlShare);
  return [
    `of ${formatInteger(customers)}`,
    ...(excluded > 0 ? [`${formatInteger(excluded)} left out`] : []),
    ...(held > 0 ? [`${formatInteger(held)} held back as control`] : []),
  ].join(', ');
}
