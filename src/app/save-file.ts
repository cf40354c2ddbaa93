import type { FileResult } from '../core/jobs/study-contract.ts';

/** Hands a file to the browser's downloads. */
export function saveFile(file: FileResult): void {
  const url = URL.createObjectURL(new Blob([file.bytes], { type: file.mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
