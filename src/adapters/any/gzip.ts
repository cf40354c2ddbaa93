import { StudioError } from '../../core/shared/errors.ts';

/** Whether the bytes begin as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** Most bytes a compressed table may unpack to. */
export const maxUnpackedBytes = 2 ** 32;

/**
 * The unpacked content. What comes out is counted while it comes: a file's own statement of its size is not believed.
 * `data.too-large` beyond the budget, `data.format` for damaged data.
 */
export async function gunzip(file: Blob, maxBytes = maxUnpackedBytes): Promise<Blob> {
  const parts: Blob[] = [];
  let pending: Uint8Array<ArrayBuffer>[] = [];
  let pendingBytes = 0;
  let total = 0;
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      if (total > maxBytes) {
        throw new StudioError(
          'data.too-large',
          `The compressed file unpacks to more than ${Math.round(maxBytes / 1e6)} MB.`,
          {
            fix: 'Unpack it and split it, or take fewer rows.',
          },
        );
      }
      pending.push(value as Uint8Array<ArrayBuffer>);
      pendingBytes += value.length;
      // A blob per 16 MB: hosts may move blobs out of memory.
      if (pendingBytes >= 1 << 24) {
        parts.push(new Blob(pending));
        pending = [];
        pendingBytes = 0;
      }
    }
  } catch (cause) {
    await reader.cancel().catch(() => undefined);
    if (cause instanceof StudioError) throw cause;
    throw new StudioError('data.format', `The gzip file is damaged or incomplete after ${total} unpacked bytes.`, {
      fix: 'Download or compress the file again.',
      cause,
    });
  }
  return new Blob([...parts, ...pending]);
}
