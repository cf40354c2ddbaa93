import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyRegistry, type RegistryState, type RegistryStore } from '../../core/registry/registry.ts';
import { StudioError } from '../../core/shared/errors.ts';

/** A registry as a folder: `registry.json` and a zip for each version, which a server loads as it is. */
export function createRegistryFolder(folder: string): RegistryStore {
  const bundlePath = (version: string): string => {
    if (/^[\w.-]+$/.test(version) && !version.startsWith('.')) return join(folder, `${version}.zip`);
    throw new StudioError('request.invalid', `"${version}" is no name of a version.`);
  };
  const write = async (path: string, contents: string | Uint8Array): Promise<void> => {
    await mkdir(folder, { recursive: true });
    const partial = `${path}.${process.pid}.partial`;
    await writeFile(partial, contents);
    await rename(partial, path);
  };
  return {
    async load() {
      const text = await readOr(join(folder, 'registry.json'));
      return text === undefined ? emptyRegistry : (JSON.parse(text.toString('utf8')) as RegistryState);
    },
    save: (state) => write(join(folder, 'registry.json'), `${JSON.stringify(state, null, 1)}\n`),
    async loadBundle(version) {
      const bytes = await readOr(bundlePath(version));
      return bytes && new Uint8Array(bytes);
    },
    saveBundle: (version, bytes) => write(bundlePath(version), bytes),
  };
}

async function readOr(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
