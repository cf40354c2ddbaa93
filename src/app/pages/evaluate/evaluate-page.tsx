import { Button, Tabs } from '@mantine/core';
import type { EvaluationSummary } from '../../../core/jobs/study-contract.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { BandBar } from '../../components/band-bar.tsx';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { FileButton } from '../../components/file-button.tsx';
import { StaleNotice } from '../../components/stale-notice.tsx';
import { Stats } from '../../components/stats.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { formatBanded, formatInteger, formatMeasure, formatTimes, unbroken } from '../../format.ts';
import { goTo, useChoice } from '../../shell/view.ts';
import { useActions, useStudio, useStudy } from '../../studio-context.ts';
import { ConfusionTable } from './confusion-table.tsx';
import { CrossValidated } from './cross-validated.tsx';
import { ImportanceView } from './importance-view.tsx';
import { Leaderboard } from './leaderboard.tsx';
import { DecileTable, MetricTable } from './number-tables.tsx';

/** Tabs that show one figure each, by the figure's id. */
const figureTabs = [
  { id: 'roc', label: 'ROC' },
  { id: 'precision-recall', label: 'Precision and recall' },
  { id: 'calibration', label: 'Calibration' },
  { id: 'gains', label: 'Gains' },
  { id: 'lift', label: 'Lift' },
  { id: 'score-distribution', label: 'Scores' },
  { id: 'importance', label: 'Importance' },
] as const;

const otherTabs = [
  { id: 'confusion', label: 'Confusion' },
  { id: 'numbers', label: 'Numbers' },
  { id: 'cross-validation', label: 'Cross-validation' },
] as const;

/** How good the models are on customers none of them has seen, and which is best. */
export default function EvaluatePage() {
  const evaluation = useStudy((state) => state.evaluation);
  const hasModels = useStudy((state) => Object.keys(state.models).length > 0);
  const { evaluate } = useActions();
  if (evaluation) return <Evaluated evaluation={evaluation} />;
  return (
    <div className="stack">
      <Verdict step="Evaluate">
        Nothing to compare yet. Trained models are judged here on test customers that none of them has seen.
      </Verdict>
      <Failure of="evaluate" />
      <Failure of="import" />
      <Empty
        title={hasModels ? 'Evaluate the models' : 'Models come first'}
        action={
          hasModels ? (
            <Button onClick={() => void evaluate()}>Evaluate</Button>
          ) : (
            <Button onClick={() => goTo('train')}>Go to Train</Button>
          )
        }
      >
        {hasModels
          ? 'AUC, lift, calibration and all the rest, each with its band.'
          : 'Train three models, or press "Run everything".'}
      </Empty>
    </div>
  );
}

function Evaluated({ evaluation }: { evaluation: EvaluationSummary }) {
  const actions = useActions();
  const { host } = useStudio();
  const best = evaluation.models.find((model) => model.kind === evaluation.best);
  const confidence = useStudy((state) => state.confidence.best);
  const figures = new Map(evaluation.figures.map((figure) => [figure.id, figure]));
  const tabs = [...figureTabs.filter(({ id }) => figures.has(id)), ...otherTabs];
  const [tab, setTab] = useChoice(
    'tab',
    tabs.map(({ id }) => id),
  );
  const shown = figures.get(tab);
  return (
    <div className="stack">
      <Verdict step="Evaluate">{evaluation.verdict}</Verdict>
      <Failure of="evaluate" />
      <Failure of="confidence" />
      <Failure of="import" />
      <StaleNotice
        stage="evaluate"
        what="The results"
        action={
          <Button size="compact-sm" onClick={() => void actions.evaluate()}>
            Evaluate
          </Button>
        }
      />
      {best && (
        <Stats
          stats={[
            { label: 'AUC', value: formatMeasure(best.metrics.auc.value), band: band(best.metrics.auc, formatMeasure) },
            {
              label: 'PR-AUC',
              value: formatMeasure(best.metrics.prAuc.value),
              band: band(best.metrics.prAuc, formatMeasure),
            },
            {
              label: unbroken('Lift in the top 10 %'),
              value: formatTimes(best.metrics.lift10.value),
              band: band(best.metrics.lift10, formatTimes),
            },
            {
              label: 'Calibration error',
              value: formatMeasure(best.metrics.ece.value),
              band: band(best.metrics.ece, formatMeasure),
            },
            ...(evaluation.oracleAuc === undefined
              ? []
              : [{ label: 'Ceiling: AUC of an oracle', value: formatMeasure(evaluation.oracleAuc) }]),
          ]}
        />
      )}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          {tabs.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div style={{ paddingTop: 16 }} role="tabpanel" aria-label={tab}>
          {shown && tab !== 'importance' && <FigureView key={shown.id} figure={shown} />}
          {tab === 'importance' && <ImportanceView evaluation={evaluation} />}
          {tab === 'confusion' && <ConfusionTable models={evaluation.models} cut={evaluation.cut} />}
          {tab === 'cross-validation' && <CrossValidated />}
          {tab === 'numbers' && (
            <div className="stack">
              <MetricTable models={evaluation.models} />
              <DecileTable deciles={evaluation.deciles} />
            </div>
          )}
        </div>
      </Tabs>
      <section className="stack close">
        <h2 className="section-title">The models side by side</h2>
        <Leaderboard evaluation={evaluation} />
        <ImportedNotes />
        <div>
          <FileButton
            variant="default"
            accept=".txt,.model,.zip"
            onFile={(file) => void actions.importModel(file, file.name)}
          >
            Compare with a LightGBM model.txt or a tfjs network
          </FileButton>
        </div>
        <ul className="findings stack tight">
          {evaluation.comparisons.map((comparison) => (
            <li key={`${comparison.better}${comparison.other}`} className="notice">
              {unbroken(comparison.sentence)}
            </li>
          ))}
        </ul>
        <p className="muted small">
          Pairs are compared by DeLong's paired test on test customers; p-values are Holm-corrected.
        </p>
      </section>
      <section className="stack close">
        <h2 className="section-title">High, Medium and Low</h2>
        {best && <BandBar bands={best.bands} />}
        {confidence && <p className="muted small">{unbroken(confidence.sentence)}</p>}
      </section>
      <p className="muted small">
        All figures: {formatInteger(evaluation.testRows)} test customers, {formatInteger(evaluation.testConversions)} of
        whom converted. Bands of 95&nbsp;% carry the chance in drawing these test customers, nothing else.
      </p>
      <div className="row">
        <Button onClick={() => void actions.saveBundle()}>Save bundle</Button>
        <Button
          variant="default"
          onClick={() => void actions.download('Writing the report', (options) => host.study.report({}, options))}
        >
          Download report
        </Button>
        <Button variant="default" onClick={() => goTo('decide')}>
          Decide whom to contact
        </Button>
      </div>
    </div>
  );
}

/** What must be known of a model that was trained elsewhere, before its figures are believed. */
function ImportedNotes() {
  const imported = useStudy((state) => state.models.imported);
  if (!imported) return null;
  return (
    <p className="notice">
      <strong>{imported.label}</strong>: {imported.notes.join(' ')}
    </p>
  );
}

const band = (banded: Parameters<typeof formatBanded>[0], format: (value: number) => string) =>
  `${format(banded.low)}–${format(banded.high)}`;
