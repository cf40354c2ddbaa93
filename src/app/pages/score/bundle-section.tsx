import { Button } from '@mantine/core';
import { modelKinds } from '../../../core/models/model.ts';
import { FileButton } from '../../components/file-button.tsx';
import { modelLabels } from '../../components/model-name.tsx';
import { formatInteger } from '../../format.ts';
import { useActions, useStudio, useStudy } from '../../studio-context.ts';

/** What is saved from a study and what was opened: bundles, the LightGBM text, the tfjs network, the report. */
export function BundleSection() {
  const bundle = useStudy((state) => state.bundle);
  const models = useStudy((state) => state.models);
  const best = useStudy((state) => state.evaluation?.best);
  const isEvaluated = best !== undefined;
  const actions = useActions();
  const { host } = useStudio();
  return (
    <section className="columns">
      {bundle && (
        <div className="sheet stack tight">
          <h2 className="section-title">Open bundle</h2>
          <p>
            <strong>{bundle.name}</strong>, {modelLabels[bundle.kind].toLowerCase()}, version{' '}
            <span className="mono">{bundle.modelVersion}</span>
          </p>
          <p className="muted small">
            From {bundle.createdFrom}. It reads {formatInteger(bundle.columns.length)} columns:{' '}
            {bundle.columns
              .slice(0, 8)
              .map((column) => column.name)
              .join(', ')}
            {bundle.columns.length > 8 ? ' and others' : ''}.
          </p>
          <div>
            <FileButton variant="default" accept=".zip" onFile={(file) => void actions.openBundle(file)}>
              Open another bundle
            </FileButton>
          </div>
        </div>
      )}
      {isEvaluated && (
        <div className="sheet stack close">
          <h2 className="section-title">Save from this study</h2>
          <p className="muted small">
            A bundle is one file with recipe, model, calibration and cut. The preview server and this page score with
            the same bits from it.
          </p>
          <div className="row">
            <Button onClick={() => void actions.saveBundle()}>Save bundle</Button>
            {modelKinds
              .filter((kind) => models[kind] && kind !== best)
              .map((kind) => (
                <Button key={kind} variant="default" onClick={() => void actions.saveBundle(kind)}>
                  Save {modelLabels[kind].toLowerCase()} bundle
                </Button>
              ))}
            {models.boosting && (
              <Button
                variant="default"
                onClick={() =>
                  void actions.download('Writing model.txt', (options) => host.study.exportModelText({}, options))
                }
              >
                Download model.txt
              </Button>
            )}
            {models.neural && (
              <Button
                variant="default"
                onClick={() =>
                  void actions.download('Writing the network', (options) => host.study.exportTfjsModel({}, options))
                }
              >
                Download tfjs network
              </Button>
            )}
            <Button
              variant="default"
              onClick={() => void actions.download('Writing the report', (options) => host.study.report({}, options))}
            >
              Download report
            </Button>
          </div>
          {!bundle && (
            <div>
              <FileButton variant="default" accept=".zip" onFile={(file) => void actions.openBundle(file)}>
                Open a bundle
              </FileButton>
            </div>
          )}
        </div>
      )}
    </section>
  );
}
