import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import type { ModelId } from '../../../core/jobs/model-id.ts';
import { useActions, useStudio } from '../../studio-context.ts';

/** "Explain this model" as a file that opens anywhere; a customer stands in it only where asked for. */
export function ReportButton({ model, row }: { model: ModelId; row: string }) {
  const { host } = useStudio();
  const { run } = useActions();
  const [includes, setIncludes] = useState(false);
  const save = async () => {
    const rows = includes && row !== '' ? [Number(row)] : [];
    const file = await run('file', 'Writing the explanation of the model', (options) =>
      host.study.explanationReport({ model, rows }, options),
    );
    if (file) host.saveFile(file);
  };
  return (
    <div className="row">
      <Button variant="default" onClick={() => void save()}>
        Explain this model
      </Button>
      <Switch
        label="with the chosen customer"
        checked={includes}
        disabled={row === ''}
        onChange={(event) => setIncludes(event.currentTarget.checked)}
      />
    </div>
  );
}
