import { StudioError } from '../core/shared/errors.ts';
import { parseStrictJson } from './strict-json.ts';

/** Many times one customer's fields, and little enough to read before anything is known of the sender. */
export const maxBodyBytes = 256 * 1024;

/**
 * The JSON of a request's body. Refused are other media types and encodings (`request.media-type`), more than
 * `maxBodyBytes`, counted while reading whatever the sender declares (`request.too-large`), and bad JSON.
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (!/^application\/json(?: *; *charset="?utf-8"?)?$/i.test(type) || encoding.toLowerCase() !== 'identity') {
    const found =
      type === ''
        ? 'none'
        : `"${type.slice(0, 80)}"${encoding === 'identity' ? '' : `, packed with ${encoding.slice(0, 20)}`}`;
    throw new StudioError('request.media-type', `Expected the media type application/json; found ${found}.`, {
      fix: 'Send the header "Content-Type: application/json".',
    });
  }
  const bytes = await readBytes(request);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new StudioError('request.invalid', 'The body is not UTF-8.', { fix: 'Send JSON as UTF-8.' });
  }
  return parseStrictJson(text);
}

async function readBytes(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge();
  if (!request.body) return new Uint8Array(0);
  const reader = request.body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const { value } = read;
    length += value.length;
    if (length > maxBodyBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function tooLarge(): StudioError {
  return new StudioError('request.too-large', `The body is larger than ${maxBodyBytes / 1024} KiB.`, {
    fix: 'Send one customer per request.',
  });
}
