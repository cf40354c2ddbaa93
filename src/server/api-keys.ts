import { StudioError } from '../core/shared/errors.ts';
import { sha256 } from '../core/shared/sha256.ts';
import type { ApiRequest } from './exchange.ts';
import type { Scope } from './routes.ts';

/** A key as the server knows it: never the key itself. */
export interface ApiKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the key, in hexadecimal. Keys are random, so a plain hash is enough. */
  readonly hash: string;
}

const scopes: readonly Scope[] = ['predict', 'metrics', 'admin'];

/** Longer than any key made here. */
const longestKey = 256;

/** Keys from their text form, "shop:predict:9f86…; ops:metrics+admin:60303a…". */
export function readApiKeys(text: string): ApiKey[] {
  const entries = text
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const keys = entries.map((entry): ApiKey => {
    const [, name, scopeText = '', hash] = /^([\w-]{1,40}):([a-z+]+):([0-9a-f]{64})$/i.exec(entry) ?? [];
    const named = scopeText.split('+').map((word) => scopes.find((scope) => scope === word));
    if (!name || !hash || named.includes(undefined)) {
      throw refuse(`The API key "${entry.split(':')[0]?.slice(0, 40)}" is not written as name:scope+scope:SHA-256.`);
    }
    return { name, scopes: named as Scope[], hash: hash.toLowerCase() };
  });
  if (new Set(keys.map(({ name }) => name)).size !== keys.length) throw refuse('Two API keys have one name.');
  if (new Set(keys.map(({ hash }) => hash)).size !== keys.length) throw refuse('One API key is listed twice.');
  return keys;
}

/** A new random key of 256 bits, and the entry that lets the server know it. */
export function makeApiKey(name: string, scopeText: string): { readonly key: string; readonly entry: string } {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(32));
  const key = `ps_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  const entry = `${name}:${scopeText}:${hashOf(key)}`;
  readApiKeys(entry);
  return { key, entry };
}

/**
 * The key that a request brings, as "Authorization: Bearer …" or "X-API-Key: …"; undefined where there is none, two, or
 * one that is not known. Takes as long for one that is nearly right as for one that is not: hashes are compared, whole.
 */
export function keyOf(request: ApiRequest, keys: readonly ApiKey[]): ApiKey | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const header = request.headers.get('x-api-key') ?? undefined;
  if ((bearer === undefined) === (header === undefined)) return undefined;
  const given = bearer ?? header ?? '';
  if (given.length > longestKey) return undefined;
  const hash = hashOf(given);
  let found: ApiKey | undefined;
  for (const key of keys) if (isEqual(key.hash, hash)) found = key;
  return found;
}

function hashOf(key: string): string {
  return sha256(new TextEncoder().encode(key));
}

function isEqual(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}

function refuse(message: string): StudioError {
  return new StudioError('parameters.invalid', message, {
    where: { field: 'server.api_keys' },
    fix: `Make an entry with npm run serve -- --make-key NAME --scopes ${scopes.join('+')}.`,
  });
}
