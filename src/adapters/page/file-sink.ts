/** Where a large file is written as it comes: memory holds no more of it than one piece. */
export interface FileSink {
  /** Empties what was written so far. */
  restart(): Promise<void>;
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The file is whole. */
  close(): Promise<void>;
  /** The file is not wanted. */
  discard(): Promise<void>;
}

interface SavePicker {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>;
}

/**
 * A file that the person chooses a place for, where the browser can write there (File System Access); elsewhere one of the
 * origin's private file system, handed to the downloads when it is whole. Asked from a click. Undefined where the person
 * chose no place.
 */
export async function openFileSink(name: string): Promise<FileSink | undefined> {
  const picker = globalThis as SavePicker;
  if (picker.showSaveFilePicker) {
    try {
      return sinkInto(await picker.showSaveFilePicker({ suggestedName: name }), async () => undefined);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return undefined;
      throw error;
    }
  }
  const folder = await navigator.storage.getDirectory();
  // One batch at a time: what an earlier one left is written over.
  const handle = await folder.getFileHandle('scores.partial', { create: true });
  return sinkInto(handle, async () => download(await handle.getFile(), name));
}

function sinkInto(handle: FileSystemFileHandle, whole: () => Promise<void>): FileSink {
  let stream: FileSystemWritableFileStream | undefined;
  return {
    async restart() {
      await stream?.abort();
      stream = await handle.createWritable();
    },
    async write(bytes) {
      await stream?.write(bytes);
    },
    async close() {
      await stream?.close();
      await whole();
    },
    async discard() {
      // The file's earlier contents, if any, stay as they were.
      await stream?.abort().catch(() => undefined);
    },
  };
}

function download(file: File, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 600_000);
}
