import { type FileHandle, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder whose files appear all together, when everything is written: until then they lie in it under hidden names. */
export interface OutputFolder {
  /** A file written as it comes. */
  stream(name: string): Promise<{ append(bytes: Uint8Array): Promise<void>; restart(): Promise<void> }>;
  add(name: string, contents: string | Uint8Array): Promise<void>;
  /** Gives the files their names. `summary.json`, if there is one, comes last: who sees it sees the rest. */
  publish(): Promise<void>;
  discard(): Promise<void>;
}

export async function openOutputFolder(folder: string): Promise<OutputFolder> {
  await mkdir(folder, { recursive: true });
  const partial = (name: string): string => join(folder, `.${name}.${process.pid}.partial`);
  const names: string[] = [];
  const handles: FileHandle[] = [];
  return {
    async stream(name) {
      const handle = await open(partial(name), 'w');
      names.push(name);
      handles.push(handle);
      let at = 0;
      return {
        async append(bytes) {
          for (let from = 0; from < bytes.length; ) {
            const { bytesWritten } = await handle.write(bytes, from, bytes.length - from, at);
            from += bytesWritten;
            at += bytesWritten;
          }
        },
        async restart() {
          await handle.truncate(0);
          at = 0;
        },
      };
    },
    async add(name, contents) {
      names.push(name);
      await writeFile(partial(name), contents);
    },
    async publish() {
      for (const handle of handles.splice(0)) {
        await handle.sync();
        await handle.close();
      }
      for (const name of names.sort((a, b) => Number(a === 'summary.json') - Number(b === 'summary.json')))
        await rename(partial(name), join(folder, name));
    },
    async discard() {
      for (const handle of handles.splice(0)) await handle.close();
      for (const name of names) await rm(partial(name), { force: true });
    },
  };
}
