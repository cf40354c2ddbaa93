import { useEffect, useState } from 'react';
import { useStudio } from '../studio-context.ts';
import { takeFile } from './take-file.ts';
import type { PageId } from './view.ts';

/** A file dropped anywhere, or a table pasted outside a field, is taken by the page that is open. */
export function DropAnywhere({ page }: { page: PageId }) {
  const [over, setOver] = useState(false);
  const studio = useStudio();

  useEffect(() => {
    const take = (file: Blob, name: string) => void takeFile(file, name, page, studio);
    const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onDragOver = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file) take(file, file.name);
    };
    const onPaste = (event: ClipboardEvent) => {
      const target = event.target as HTMLElement | null;
      if (target?.closest('input, textarea, [contenteditable]')) return;
      const file = event.clipboardData?.files[0];
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (file) take(file, file.name);
      else if (/[\t,;|].*\r?\n/.test(text)) take(new Blob([text], { type: 'text/csv' }), 'pasted table');
    };
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
    window.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('dragleave', onDragLeave);
      window.removeEventListener('drop', onDrop);
      window.removeEventListener('paste', onPaste);
    };
  }, [page, studio]);

  if (!over) return null;
  return (
    <div className="drop-over" aria-hidden>
      <p>
        {page === 'score'
          ? 'Drop to score these customers'
          : page === 'monitor'
            ? 'Drop to compare with the reference customers'
            : 'Drop to open this table'}
      </p>
      <p className="small">
        CSV, CSV.gz or Parquet, a saved bundle (.zip), a LightGBM model (model.txt) or a tfjs network (.zip). It stays
        in this page.
      </p>
    </div>
  );
}
