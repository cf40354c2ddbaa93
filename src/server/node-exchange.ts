import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { StudioError } from '../core/shared/errors.ts';
import type { Api } from './api.ts';
import { type ApiRequest, commonHeaders, type Reply } from './exchange.ts';
import { tooLarge } from './request-body.ts';

/** Answers Node's requests by the API. `report` is told of what no handler caught; such a request gets 400. */
export function createNodeListener(
  api: Api,
  {
    isClosing = () => false,
    report,
  }: { readonly isClosing?: () => boolean; readonly report: (error: unknown) => void },
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    try {
      let reply: Reply;
      try {
        reply = await api.answer(new NodeRequest(incoming), incoming.socket.remoteAddress ?? '');
      } catch (error) {
        report(error);
        reply = { status: 400, headers: {}, body: null };
      }
      const sent = sendReply(reply, incoming, outgoing, isClosing());
      if (sent) await sent;
    } catch (error) {
      report(error);
      outgoing.destroy();
    }
  };
  return (incoming, outgoing) => void answer(incoming, outgoing);
}

/** Node's request as the API reads it. */
class NodeRequest implements ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: NodeHeaders;
  readonly #incoming: IncomingMessage;

  constructor(incoming: IncomingMessage) {
    const { headers, method = 'GET', url = '/' } = incoming;
    this.#incoming = incoming;
    this.method = method;
    this.url = `http://${headers.host ?? ''}${url}`;
    this.headers = new NodeHeaders(headers);
  }

  get body(): ReadableStream<Uint8Array> {
    return Readable.toWeb(this.#incoming) as ReadableStream<Uint8Array>;
  }

  readWhole(mostBytes: number): Promise<Uint8Array> {
    return readWhole(this.#incoming, mostBytes);
  }
}

class NodeHeaders {
  readonly #fields: IncomingHttpHeaders;

  constructor(fields: IncomingHttpHeaders) {
    this.#fields = fields;
  }

  /** By a name in small letters. */
  get(name: string): string | null {
    const value = this.#fields[name];
    return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }
}

function readWhole(incoming: IncomingMessage, mostBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (Number(incoming.headers['content-length'] ?? 0) > mostBytes) {
      reject(tooLarge(mostBytes));
      return;
    }
    const parts: Buffer[] = [];
    let length = 0;
    incoming.on('data', (part: Buffer) => {
      length += part.length;
      parts.push(part);
      if (length <= mostBytes) return;
      incoming.pause();
      reject(tooLarge(mostBytes));
    });
    incoming.on('end', () => resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, length)));
    incoming.on('error', reject);
    incoming.on('close', () => {
      if (!incoming.complete) reject(new StudioError('request.invalid', 'The body broke off.'));
    });
  });
}

/** How long the sender of a body that nobody reads may go on before its connection is cut, so that it sees the answer. */
const lingerMs = 500;

const commonFields: readonly string[] = Object.entries(commonHeaders).flat();

/** A promise where the answer is a stream: that it has been sent. */
function sendReply(
  { status, headers, body }: Reply,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  isClosing: boolean,
): Promise<void> | undefined {
  if (outgoing.destroyed || outgoing.headersSent) return undefined;
  const isUnread = !incoming.complete && !(body instanceof ReadableStream);
  const fields = commonFields.slice();
  for (const name in headers) fields.push(name, headers[name] as string);
  if (isClosing || isUnread) fields.push('Connection', 'close');
  if (isUnread) {
    outgoing.once('finish', () => {
      incoming.resume();
      setTimeout(() => incoming.destroy(), lingerMs).unref();
    });
  }
  if (body instanceof ReadableStream) {
    outgoing.writeHead(status, fields);
    return sendStream(body, outgoing);
  }
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : (body?.length ?? 0);
  if (status !== 204) fields.push('Content-Length', String(bytes));
  outgoing.writeHead(status, fields);
  if (bytes === 0 || incoming.method === 'HEAD') outgoing.end();
  else outgoing.end(body);
  return undefined;
}

/** As fast as it is taken; stops the source when the receiver has gone. */
async function sendStream(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader();
  const gone = new Promise<void>((resolve) => outgoing.once('close', resolve));
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        outgoing.end();
        return;
      }
      if (outgoing.write(value)) continue;
      await Promise.race([new Promise<void>((resolve) => outgoing.once('drain', resolve)), gone]);
      if (outgoing.destroyed) return;
    }
  } catch {
    // A source that fails in mid-stream breaks the connection off: nobody takes half an answer for the whole.
    outgoing.destroy();
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
