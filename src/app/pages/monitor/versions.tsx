import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ChallengeSummary } from '../../../core/jobs/study-contract.ts';
import {
  archiveVersion,
  emptyRegistry,
  loadVerified,
  type ModelVersion,
  promoteVersion,
  type RegistryState,
  registerVersion,
} from '../../../core/registry/registry.ts';
import { toPlainError } from '../../../core/shared/errors.ts';
import { FileButton, tableFiles } from '../../components/file-button.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { formatMeasure } from '../../format.ts';
import { useStudio, useStudy } from '../../studio-context.ts';

/** Versions of the model: register the best, try it against the champion on new outcomes, promote. Kept in this browser. */
export function Versions() {
  const { host, study } = useStudio();
  const evaluation = useStudy((state) => state.evaluation);
  const [state, setState] = useState<RegistryState>(emptyRegistry);
  const [error, setError] = useState('');
  const [trial, setTrial] = useState<ChallengeSummary>();
  const change = async (work: () => Promise<RegistryState>) => {
    try {
      setState(await work());
      setError('');
    } catch (caught) {
      const { message, fix = '' } = toPlainError(caught);
      setError(`${message} ${fix}`);
    }
  };
  useEffect(() => {
    void loadVerified(host.registry).then(setState, (caught: unknown) => setError(toPlainError(caught).message));
  }, [host]);
  const champion = state.versions.find(({ stage }) => stage === 'champion');
  const register = async () => {
    const file = await study.actions.run('monitor', 'Registering the model', (options) =>
      host.study.saveBundle({}, options),
    );
    if (!file) return;
    const version = file.name.replace(/\.zip$/, '');
    const auc = evaluation?.models.find(({ kind }) => kind === evaluation.best)?.metrics.auc.value;
    const figures: Record<string, number> = auc === undefined ? {} : { auc };
    const name = study.store.getState().dataset?.name ?? version;
    await change(() => registerVersion(host.registry, { version, name, bytes: file.bytes }, figures, host.today()));
  };
  const tryOut = async (file: File) => {
    const bytes = champion && (await host.registry.loadBundle(champion.version));
    if (!bytes) return;
    const found = await study.actions.run('monitor', `Comparing on ${file.name}`, (options) =>
      host.study.challenge({ champion: new Blob([bytes]), file, name: file.name }, options),
    );
    if (found) setTrial(found);
  };
  const promote = ({ version }: ModelVersion) => {
    const why = trial?.challengerVersion === version ? trial.verdict : 'promoted without a comparison';
    return change(() => promoteVersion(host.registry, version, why, host.today()));
  };
  return (
    <div className="stack close">
      {state.versions.length > 0 && (
        <PlainTable
          label="Model versions"
          rows={state.versions}
          rowKey={({ version }) => version}
          columns={[
            { title: 'Version', renderCell: ({ version }) => <code>{version}</code> },
            { title: 'Study', renderCell: ({ name }) => name },
            { title: 'Stage', sort: ({ stage }) => stage, renderCell: ({ stage }) => stage },
            { title: 'Test AUC', number: true, renderCell: ({ figures }) => formatMeasure(figures.auc ?? Number.NaN) },
            { title: 'Since', renderCell: ({ registeredAt }) => registeredAt.slice(0, 10) },
            {
              title: 'Change',
              renderCell: (each) =>
                each.stage === 'champion' ? (
                  ''
                ) : (
                  <span className="row">
                    <Button size="compact-sm" variant="default" onClick={() => void promote(each)}>
                      Promote
                    </Button>
                    {each.stage === 'candidate' && (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        onClick={() => void change(() => archiveVersion(host.registry, each.version, host.today()))}
                      >
                        Archive
                      </Button>
                    )}
                  </span>
                ),
            },
          ]}
        />
      )}
      {trial && <p role="status">{trial.verdict}</p>}
      {error && (
        <p role="alert" className="notice problem">
          {error}
        </p>
      )}
      <div className="row">
        <Button variant="default" disabled={!evaluation} onClick={() => void register()}>
          Register the best model
        </Button>
        {champion && evaluation && (
          <FileButton accept={tableFiles} variant="default" onFile={(file) => void tryOut(file)}>
            Compare with the champion on new outcomes
          </FileButton>
        )}
      </div>
      <p className="muted small">
        To challenge the champion: open the new customers on the Data page, train, register, then compare on labelled
        customers whom neither model has seen. {state.log.length} entries in the log, each holding the hash of the one
        before.
      </p>
    </div>
  );
}
