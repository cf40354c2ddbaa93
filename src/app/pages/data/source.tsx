import { FileButton, tableFiles } from '../../components/file-button.tsx';
import { useActions } from '../../studio-context.ts';
import { SampleForm } from './sample-form.tsx';

/** The two ways to customers: made here, or a person's own table. */
export function Source() {
  const { openTable } = useActions();
  return (
    <div className="columns">
      <SampleForm />
      <section className="sheet stack close">
        <h2 className="section-title">Open your own table</h2>
        <p className="muted">
          One row per customer, with a column that says who converted. Drop a CSV, CSV.gz or Parquet file anywhere,
          paste a table, or choose a file. Everything stays in this page.
        </p>
        <div>
          <FileButton variant="default" accept={tableFiles} onFile={(file) => void openTable(file, file.name)}>
            Choose a file
          </FileButton>
        </div>
      </section>
    </div>
  );
}
