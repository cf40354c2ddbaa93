import { type DBSchema, openDB } from 'idb';
import { emptyRegistry, type RegistryState, type RegistryStore } from '../../core/registry/registry.ts';

interface Schema extends DBSchema {
  readonly state: { readonly key: 'registry'; readonly value: RegistryState };
  readonly bundles: { readonly key: string; readonly value: Uint8Array<ArrayBuffer> };
}

/** A registry in the browser's IndexedDB: there after a reload. */
export function createRegistryStore(): RegistryStore {
  const open = openDB<Schema>('propensity-registry', 1, {
    upgrade(database) {
      database.createObjectStore('state');
      database.createObjectStore('bundles');
    },
  });
  // Where storage is forbidden the first use says so, not the opening.
  open.catch(() => undefined);
  return {
    load: async () => (await (await open).get('state', 'registry')) ?? emptyRegistry,
    async save(state) {
      await (await open).put('state', state, 'registry');
    },
    loadBundle: async (version) => (await open).get('bundles', version),
    async saveBundle(version, bytes) {
      await (await open).put('bundles', bytes, version);
    },
  };
}
