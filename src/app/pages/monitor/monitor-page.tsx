import { Button, Tabs } from '@mantine/core';
import { useStore } from 'zustand';
import type { DriftRow, DriftSummary } from '../../../core/jobs/study-contract.ts';
import { driftWord } from '../../../core/reports/words.ts';
import { FigureView } from '../../charts/figure-view.tsx';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { FileButton, tableFiles } from '../../components/file-button.tsx';
import { Findings } from '../../components/findings.tsx';
import { ScoringChoice } from '../../components/scoring-choice.tsx';
import { SnapshotDay } from '../../components/snapshot-day.tsx';
import { Stats } from '../../components/stats.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { formatInteger, formatMeasure } from '../../format.ts';
import { goTo, useChoice, useParam } from '../../shell/view.ts';
import { useStudio, useStudy } from '../../studio-context.ts';
import { DriftTable } from './drift-table.tsx';
import { compareFile, monitorStore } from './monitor-store.ts';
import { RulesEditor } from './rules-editor.tsx';
import { SectionView } from './section-view.tsx';
import { SimulateForm } from './simulate-form.tsx';
import { Versions } from './versions.tsx';

/** Whether customers still look like those the model learned from. */
export default function MonitorPage() {
  const drift = useStore(monitorStore, (state) => state.drift);
  const asOf = useStore(monitorStore, (state) => state.asOf);
  const table = useStore(monitorStore, (state) => state.table);
  const hasStudy = useStudy((state) => state.evaluation !== undefined);
  const canCompare = useStudy((state) => state.evaluation !== undefined || state.bundle !== undefined);
  const studio = useStudio();
  const choose = (
    <div className="row end">
      <SnapshotDay day={asOf} onChange={(day) => monitorStore.setState({ asOf: day })} />
      <FileButton
        accept={tableFiles}
        variant={drift ? 'default' : 'filled'}
        onFile={(file) => void compareFile(file, file.name, studio)}
      >
        Choose customers to compare
      </FileButton>
      {table && (
        <FileButton
          accept={tableFiles}
          variant="default"
          onFile={(file) => void compareFile(table.file, table.name, studio, { file, name: file.name })}
        >
          Add their outcomes
        </FileButton>
      )}
    </div>
  );
  return (
    <div className="stack">
      <Verdict step="Monitor">
        {drift?.verdict ??
          (canCompare
            ? 'Drop a later table of customers: each feature is compared with those the model learned from.'
            : 'Nothing to compare with yet. A trained model or an open bundle brings its reference customers.')}
      </Verdict>
      <Failure of="monitor" />
      {drift && <Compared drift={drift} />}
      {canCompare && <ScoringChoice label="Compare with the customers of" />}
      {canCompare ? (
        <Empty title={drift ? 'Compare another table' : 'Drop a second table of customers'} action={choose}>
          CSV, CSV.gz or Parquet with the same raw columns. A population stability index (PSI) below 0.1 is called
          stable, from 0.2 significant; a feature counts as moved only where chance would hardly move it as far.
          Outcomes are read from the table itself, or joined by customer id when they come.
        </Empty>
      ) : (
        <Empty title="A model comes first" action={<Button onClick={() => goTo('train')}>Go to Train</Button>}>
          Press "Run everything", or open a bundle on the Score page.
        </Empty>
      )}
      {hasStudy && (
        <details className="more">
          <summary>Play weeks with drift in them</summary>
          <SimulateForm />
        </details>
      )}
      <details className="more">
        <summary>Model versions</summary>
        <Versions />
      </details>
      {canCompare && (
        <details className="more">
          <summary>Alert rules</summary>
          <RulesEditor />
        </details>
      )}
    </div>
  );
}

function Compared({ drift }: { drift: DriftSummary }) {
  const { host } = useStudio();
  const [feature, setFeature] = useParam('feature', '');
  const rows = [drift.score, ...drift.features];
  const chosen = rows.find((row) => row.feature === feature) ?? [...drift.features].sort((a, b) => b.psi - a.psi)[0];
  const headings = drift.sections.map(({ heading }) => heading);
  const tabs = headings.includes('Drift') ? headings : ['Drift', ...headings];
  const [tab, setTab] = useChoice('tab', tabs, 'Drift');
  const section = drift.sections.find(({ heading }) => heading === tab);
  const told = drift.events.filter(({ silenced }) => !silenced);
  const count = (holds: (row: DriftRow) => boolean) => formatInteger(drift.features.filter(holds).length);
  return (
    <>
      <Stats
        stats={[
          {
            label: 'Customers now',
            value: formatInteger(drift.rowCount),
            band: `reference: ${formatInteger(drift.referenceRowCount)}`,
          },
          { label: 'Moved significantly', value: count((row) => row.alarm && row.band === 'significant') },
          { label: 'Moved moderately', value: count((row) => row.alarm && row.band === 'moderate') },
          {
            label: 'Within noise',
            value: count((row) => driftWord(row) === 'within noise'),
            band: 'PSI of 0.1 or more',
          },
          { label: 'PSI of the score', value: formatMeasure(drift.score.psi), band: driftWord(drift.score) },
        ]}
      />
      {told.length > 0 && (
        <p role="alert" className="notice">
          {told.map(({ rule, change, window }) => `${rule}: ${change} (${window})`).join(' · ')}
        </p>
      )}
      {drift.findings.length > 0 && <Findings findings={drift.findings} />}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div style={{ paddingTop: 16 }} role="tabpanel" aria-label={tab} className="stack">
          {tab === 'Drift' && (
            <>
              <div className="columns">
                <FigureView figure={drift.figure} height={360} />
                {chosen && <FigureView key={chosen.feature} figure={chosen.overlay} height={360} />}
                {chosen !== drift.score && <FigureView figure={drift.score.overlay} height={360} />}
              </div>
              <DriftTable drift={drift} rows={rows} chosen={chosen} onChoose={setFeature} />
            </>
          )}
          {section && tab !== 'Drift' && <SectionView section={section} said={drift.verdict} />}
        </div>
      </Tabs>
      <div className="row">
        <Button variant="default" onClick={() => host.saveFile(drift.report)}>
          Download the report
        </Button>
        <Button variant="default" onClick={() => host.saveFile(drift.file)}>
          Download the comparison
        </Button>
        <Button variant="default" onClick={() => host.saveFile(drift.json)}>
          Download everything as JSON
        </Button>
      </div>
    </>
  );
}
