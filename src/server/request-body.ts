import { StudioError } from '../core/shared/errors.ts';
import type { ApiRequest } from './exchange.ts';
import { parseStrictJson } from './strict-json.ts';

/** Many times one customer's fields, and little enough to read before anything is known of the sender. */
export const maxBodyBytes = 256 * 1024;

/**
 * Which of these media types the body has, checked word for word: no other parameter than UTF-8, no content encoding.
 * Anything else is `request.media-type`.
 */
export function bodyType<T extends string>(request: ApiRequest, accepted: readonly T[]): T {
  const type = request.headers.get('content-type') ?? '';
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  const name = /^([\w.+/-]+)(?: *; *charset="?utf-8"?)?$/i.exec(type)?.[1]?.toLowerCase();
  const found = accepted.find((each) => each === name);
  if (found !== undefined && encoding.toLowerCase() === 'identity') return found;
  const packed = encoding === 'identity' ? '' : `, packed with ${encoding.slice(0, 20)}`;
  throw new StudioError(
    'request.media-type',
    `Expected the media type ${accepted.join(' or ')}; found ${type === '' ? 'none' : `"${type.slice(0, 80)}"${packed}`}.`,
    { fix: `Send the header "Content-Type: ${accepted[0]}", unpacked.` },
  );
}

/** The JSON of a request's body. Refused are other media types, a body that is too large, not UTF-8, or no strict JSON. */
export async function readJsonBody(request: ApiRequest, mostBytes = maxBodyBytes): Promise<unknown> {
  bodyType(request, ['application/json']);
  return parseStrictJson(decodeUtf8(await readWhole(request, mostBytes)));
}

/** The body in one piece; more than `mostBytes` is `request.too-large`. */
export async function readWhole(request: ApiRequest, mostBytes: number): Promise<Uint8Array> {
  if (request.readWhole) return request.readWhole(mostBytes);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of bodyChunks(request, mostBytes)) {
    parts.push(part);
    length += part.length;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text; `request.invalid` where they are no UTF-8. A byte order mark stays, and is no JSON. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new StudioError('request.invalid', 'The body is not UTF-8.', { fix: 'Send text as UTF-8.' });
  }
}

/**
 * The body piece by piece. More than `mostBytes`, counted while reading whatever the sender declares, is
 * `request.too-large`. Leaving the loop early lets the sender stop.
 */
export async function* bodyChunks(request: ApiRequest, mostBytes: number): AsyncGenerator<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge(mostBytes);
  if (!request.body) return;
  const reader = request.body.getReader();
  let length = 0;
  let isDone = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      isDone = done;
      if (done) return;
      length += value.length;
      if (length > mostBytes) throw tooLarge(mostBytes);
      yield value;
    }
  } finally {
    if (!isDone) await reader.cancel().catch(() => undefined);
  }
}

export function tooLarge(mostBytes: number): StudioError {
  return new StudioError('request.too-large', `The body is larger than ${mostBytes / 1024} KiB.`, {
    fix: 'Send fewer customers per request.',
  });
}
