import { Button } from '@mantine/core';
import { useCallback } from 'react';
import { useStore } from 'zustand';
import type { ScoreSummary } from '../../../core/jobs/study-contract.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { BandName, BandShares } from '../../components/band-bar.tsx';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { FileButton, tableFiles } from '../../components/file-button.tsx';
import { Findings } from '../../components/findings.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { RowTable } from '../../components/row-table.tsx';
import { ScoringChoice } from '../../components/scoring-choice.tsx';
import { SnapshotDay } from '../../components/snapshot-day.tsx';
import { Stats } from '../../components/stats.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { formatInteger, formatPercent } from '../../format.ts';
import { scoringName, scoringOf, scoringOptions } from '../../stores/study-state.ts';
import { useActions, useStudio, useStudy } from '../../studio-context.ts';
import { BatchView, LargeTable } from './batch-view.tsx';
import { BundleSection } from './bundle-section.tsx';
import { scoreFile, scoreStore } from './score-store.ts';

/** New customers through the saved model: open a bundle or use the study's best, drop a table, take the scores. */
export default function ScorePage() {
  const scored = useStore(scoreStore, (state) => state.scored);
  const asOf = useStore(scoreStore, (state) => state.asOf);
  const large = useStore(scoreStore, (state) => state.large);
  const batch = useStore(scoreStore, (state) => state.batch);
  const canScore = useStudy((state) => scoringOptions(state).length > 0);
  const name = useStudy((state) => scoringName(state, scoringOf(state)));
  const actions = useActions();
  const studio = useStudio();
  const take = (file: File) => void scoreFile(file, file.name, studio);
  return (
    <div className="stack">
      <Verdict step="Score">
        {scored?.verdict ??
          batch?.verdict ??
          (canScore
            ? `${name} is ready. Drop a table of customers to score them.`
            : 'No model yet. Open a saved bundle, or train models in this study.')}
      </Verdict>
      <Failure of="score" />
      <Failure of="bundle" />
      <Failure of="import" />
      {canScore && <ScoringChoice label="Score with" />}
      {large && <LargeTable large={large} />}
      {batch && <BatchView batch={batch} />}
      {scored && <Scored scored={scored} />}
      {canScore ? (
        <Empty
          title={scored ? 'Score another table' : 'Drop a table of customers'}
          action={
            <div className="row end">
              <SnapshotDay day={asOf} onChange={(day) => scoreStore.setState({ asOf: day })} />
              <FileButton accept={tableFiles} variant={scored ? 'default' : 'filled'} onFile={take}>
                Choose customers to score
              </FileButton>
            </div>
          }
        >
          CSV, CSV.gz or Parquet with the same raw columns, in any order. A column that says who converted is not
          needed.
        </Empty>
      ) : (
        <Empty
          title="Open a bundle"
          action={
            <FileButton accept=".zip" onFile={(file) => void actions.openBundle(file)}>
              Choose a bundle
            </FileButton>
          }
        >
          A bundle holds the recipe, the model, its calibration and its cut. Drop one anywhere, or press "Run
          everything" to make one.
        </Empty>
      )}
      <BundleSection />
    </div>
  );
}

function Scored({ scored }: { scored: ScoreSummary }) {
  const { host } = useStudio();
  const fetchRows = useCallback(
    async (from: number, to: number) => ({ ...scored.preview, rows: scored.preview.rows.slice(from, to) }),
    [scored],
  );
  return (
    <>
      <Stats
        stats={[
          { label: 'Customers', value: formatInteger(scored.rowCount) },
          { label: 'Expected conversions', value: formatInteger(scored.expectedConversions) },
          { label: 'Model', value: scored.modelVersion },
        ]}
      />
      {scored.findings.length > 0 && <Findings findings={scored.findings} />}
      <div className="row">
        <Button onClick={() => host.saveFile(scored.file)}>Download scores</Button>
      </div>
      <FigureView figure={scored.distribution} height={280} />
      <BandShares bands={scored.bands} />
      <PlainTable
        label="Bands of the scored customers"
        rows={scored.bands}
        rowKey={(row) => row.name}
        columns={[
          { title: 'Band', renderCell: (row) => <BandName name={row.name} /> },
          { title: 'Customers', number: true, renderCell: (row) => formatInteger(row.customers) },
          { title: 'Share', number: true, renderCell: (row) => formatPercent(row.share) },
        ]}
      />
      <RowTable
        label="First scored customers"
        rowCount={scored.preview.rows.length}
        version={scored}
        fetchRows={fetchRows}
      />
    </>
  );
}
