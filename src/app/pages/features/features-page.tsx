import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDeferredValue, useState } from 'react';
import type { FeatureView } from '../../../core/jobs/study-contract.ts';
import { Empty } from '../../components/empty.tsx';
import { Failure } from '../../components/failure.tsx';
import { Findings } from '../../components/findings.tsx';
import { MiniHistogram } from '../../components/mini-histogram.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Stats } from '../../components/stats.tsx';
import { StaleNotice } from '../../components/stale-notice.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { formatInteger, formatMeasure, formatPercent } from '../../format.ts';
import { goTo } from '../../shell/view.ts';
import { useActions, useStudio, useStudy } from '../../studio-context.ts';

/** What the models will see: every feature in words, how it is spread, and how well it ranks customers alone. */
export default function FeaturesPage() {
  const features = useStudy((state) => state.features);
  const hasLabel = useStudy((state) => state.dataset?.label !== undefined);
  const actions = useActions();
  const { host } = useStudio();
  const [query, setQuery] = useState('');
  const [family, setFamily] = useState('');
  const wanted = useDeferredValue(query);
  if (!features) {
    return (
      <div className="stack">
        <Verdict step="Features">
          No features yet. They are made from the customers: recency, frequency, engagement, behaviour and how these
          meet.
        </Verdict>
        <Failure of="features" />
        <Empty
          title={hasLabel ? 'Build the features' : 'Customers come first'}
          action={
            hasLabel ? (
              <Button onClick={() => void actions.buildFeatures()}>Build features</Button>
            ) : (
              <Button onClick={() => goTo('data')}>Go to Data</Button>
            )
          }
        >
          {hasLabel
            ? 'What has to be learned, such as edges of bins, is learned on training customers only.'
            : 'Make sample customers, or open a table and say which column tells who converted.'}
        </Empty>
      </div>
    );
  }
  const families = [...new Set(features.features.map((feature) => feature.family))];
  const shown = features.features.filter(
    (feature) => (family === '' || feature.family === family) && matches(feature, wanted),
  );
  const { train, validation, test, unlabelled } = features.rows;
  return (
    <div className="stack">
      <Verdict step="Features">{features.verdict}</Verdict>
      <Failure of="features" />
      <StaleNotice
        stage="features"
        what="The features"
        action={
          <Button size="compact-sm" onClick={() => void actions.buildFeatures()}>
            Build features
          </Button>
        }
      />
      <Stats
        stats={[
          { label: 'Features', value: formatInteger(features.features.length), band: `${families.length} families` },
          { label: 'Training customers', value: formatInteger(train) },
          { label: 'Validation', value: formatInteger(validation) },
          { label: 'Test', value: formatInteger(test) },
          ...(unlabelled > 0 ? [{ label: 'To score', value: formatInteger(unlabelled) }] : []),
        ]}
      />
      {features.findings.length > 0 && (
        <Findings findings={features.findings} leaveOut={(columns) => void actions.leaveOut(columns)} />
      )}
      <div className="row end">
        <TextInput
          type="search"
          label="Search"
          placeholder="Name, words or column"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <NativeSelect
          label="Family"
          value={family}
          onChange={(event) => setFamily(event.currentTarget.value)}
          data={[{ value: '', label: 'All families' }, ...families]}
        />
        <span className="muted small" role="status">
          {formatInteger(shown.length)} of {formatInteger(features.features.length)}
        </span>
      </div>
      {shown.length === 0 ? (
        <Empty title="No feature matches">Search for another word, or choose all families.</Empty>
      ) : (
        <PlainTable
          label="Features"
          rows={shown}
          rowKey={(feature) => feature.name}
          maxHeight={620}
          columns={[
            {
              title: 'Feature',
              sort: (feature) => feature.name,
              renderCell: (feature) => <span className="cell-name">{feature.name}</span>,
            },
            {
              title: 'AUC alone',
              number: true,
              sort: (feature) => feature.aloneAuc,
              renderCell: (feature) => formatMeasure(feature.aloneAuc),
            },
            {
              title: 'Distribution',
              renderCell: (feature) => (
                <div className="accent-bars">
                  <MiniHistogram bins={feature.histogram} />
                </div>
              ),
            },
            { title: 'Family', sort: (feature) => feature.family, renderCell: (feature) => feature.family },
            { title: 'Meaning', renderCell: (feature) => <div className="cell-words">{feature.description}</div> },
            { title: 'Unit', renderCell: (feature) => feature.unit },
            {
              title: 'Missing',
              number: true,
              sort: (feature) => feature.missingShare,
              renderCell: (feature) => (feature.missingShare === 0 ? '' : formatPercent(feature.missingShare)),
            },
            {
              title: 'Made from',
              renderCell: (feature) => <div className="cell-words">{feature.columns.join(', ')}</div>,
            },
          ]}
        />
      )}
      <div className="row">
        <Button
          variant="default"
          onClick={() =>
            void actions.download('Writing features as Parquet', (options) =>
              host.study.exportTable({ what: 'features', format: 'parquet' }, options),
            )
          }
        >
          Download features (Parquet)
        </Button>
        <Button
          variant="default"
          onClick={() =>
            void actions.download('Writing features as CSV', (options) =>
              host.study.exportTable({ what: 'features', format: 'csv' }, options),
            )
          }
        >
          Download features (CSV)
        </Button>
      </div>
    </div>
  );
}

function matches(feature: FeatureView, query: string): boolean {
  const text = `${feature.name} ${feature.description} ${feature.columns.join(' ')}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
