import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdmission } from './admission.ts';
import { createApi } from './api.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createNodeListener } from './node-exchange.ts';
import { securityHeaders } from './security-headers.ts';
import type { ServedModels } from './served-models.ts';
import type { ServingConfig } from './serving-config.ts';

const mebibyte = 1024 * 1024;

export interface NodeHost {
  readonly url: string;
  /**
   * Not ready at once, then for `drain_notice` seconds every answer asks its connection to close; then listens no more, lets
   * what is being answered end, and gives whether all of it did within `drain_timeout`.
   */
  drain(): Promise<boolean>;
}

/** The API in a server of its own, with limits on everything a caller can make long or large. */
export async function startNodeHost(
  config: ServingConfig,
  served: ServedModels,
  log: (event: string, facts: object) => void,
  metrics: Metrics = createMetrics(),
): Promise<NodeHost> {
  const limits = config.limits as Record<string, number>;
  const timeouts = config.timeouts as Record<string, number>;
  let isDraining = false;
  const api = createApi({
    lineup: served.lineup,
    drift: served.drift,
    reload: served.reload,
    hosts: config.hosts,
    origins: config.origins,
    needsKey: config.keys.length > 0,
    metrics,
    isDraining: () => isDraining,
    report: (error) =>
      log('internal error', { detail: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    limits: {
      arrayBytes: limits.array_mib! * mebibyte,
      arrayCustomers: limits.array_customers!,
      streamBytes: limits.stream_mib! * mebibyte,
    },
    admit: createAdmission({
      keys: config.keys,
      ratePerSecond: limits.rate_per_second!,
      rateBurst: limits.rate_burst!,
      requestsAtOnce: limits.requests_at_once!,
      batchesAtOnce: limits.batches_at_once!,
      batchesWaiting: limits.batches_waiting!,
      now: () => performance.now() / 1000,
      onRateLimited: () => metrics.countRateLimited(),
    }),
    pause: () => new Promise((resume) => setImmediate(resume)),
  });

  const server = createServer({
    headersTimeout: timeouts.headers_timeout! * 1000,
    requestTimeout: timeouts.request_timeout! * 1000,
    keepAliveTimeout: timeouts.keep_alive! * 1000,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: 16 * 1024,
    // Asked for below, with the headers that Node's own refusal lacks.
    requireHostHeader: false,
  });
  server.timeout = timeouts.idle_timeout! * 1000;
  server.maxConnections = limits.connections!;
  server.maxHeadersCount = 100;
  const answer = createNodeListener(api, {
    isClosing: () => isDraining,
    report: (error) => log('refused', { detail: error instanceof Error ? error.message : String(error) }),
  });
  server.on('request', (request, response) => {
    if (isAmbiguous(request)) refuse(response);
    else answer(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else socket.end(statusOf(error));
  });
  await listen(server, config.server.port as number, config.server.host as string);
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    async drain() {
      isDraining = true;
      await sleep(timeouts.drain_notice! * 1000);
      const closed = new Promise<boolean>((resolve) => server.close(() => resolve(true)));
      return Promise.race([closed, sleep(timeouts.drain_timeout! * 1000, false)]);
    },
  };
}

/** Requests that two servers in a row might read differently: two Host headers, a whole URL or none in place of a path. */
function isAmbiguous({ rawHeaders, url = '' }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length;
  return hosts !== 1 || !url.startsWith('/');
}

function refuse(response: ServerResponse): void {
  response.writeHead(400, { ...securityHeaders, 'Cache-Control': 'no-store', Connection: 'close' });
  response.end();
}

/** The answer to bytes that are no request, which no handler sees. */
function statusOf({ code }: NodeJS.ErrnoException): string {
  const line =
    code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  const headers = Object.entries({
    ...securityHeaders,
    'Cache-Control': 'no-store',
    Connection: 'close',
    'Content-Length': '0',
  });
  return `HTTP/1.1 ${line}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function sleep<T>(ms: number, value?: T): Promise<T> {
  return new Promise((resolve) => {
    // Does not keep a process alive that has nothing else to do.
    setTimeout(() => resolve(value as T), ms).unref();
  });
}
