import type { Admission } from './api.ts';
import { type ApiKey, keyOf } from './api-keys.ts';
import type { ApiRequest, Reply } from './exchange.ts';
import { problem, refusal } from './problems.ts';
import type { Route } from './routes.ts';

export interface AdmissionOptions {
  /** None: everybody may call everything. */
  readonly keys: readonly ApiKey[];
  readonly ratePerSecond: number;
  readonly rateBurst: number;
  readonly requestsAtOnce: number;
  readonly batchesAtOnce: number;
  readonly batchesWaiting: number;
  /** Seconds that only ever grow. */
  readonly now: () => number;
  readonly onRateLimited: () => void;
}

/** Callers remembered at a time; the one longest unheard of is forgotten first. */
const mostCallers = 10_000;

/**
 * Says who is let in, in this order: within the rate of the key or address (429), with a key of the route's scope (401,
 * 403), and while there is room (503). Health and readiness are always answered.
 */
export function createAdmission(options: AdmissionOptions) {
  const { keys, requestsAtOnce, batchesAtOnce, batchesWaiting } = options;
  const rate = createRateLimit(options);
  let running = 0;
  let batches = 0;
  const waiting: (() => void)[] = [];

  const leave = once(() => running--);
  return async function admit(route: Route, request: ApiRequest, address: string): Promise<Admission> {
    if (route.name === 'health' || route.name === 'ready' || route.name === 'root') return {};
    const key = keys.length > 0 && route.scope !== 'open' ? keyOf(request, keys) : undefined;
    const wait = rate(key ? `key ${key.name}` : networkOf(address));
    if (wait > 0) {
      options.onRateLimited();
      return { refused: refusal(429, 'Too many requests.', { 'Retry-After': String(Math.ceil(wait)) }) };
    }
    if (keys.length > 0 && route.scope !== 'open') {
      if (!key) return { refused: refusal(401, 'A valid key is needed.', { 'WWW-Authenticate': 'Bearer' }) };
      if (!key.scopes.includes(route.scope)) return { refused: refusal(403, `The key has no scope ${route.scope}.`) };
    }
    if (route.name !== 'batch') {
      if (running >= requestsAtOnce) return { refused: busy() };
      running++;
      return { done: leave() };
    }
    if (batches >= batchesAtOnce) {
      if (waiting.length >= batchesWaiting) return { refused: busy() };
      // Whoever leaves hands its place over, so that the count stays as it is.
      await new Promise<void>((enter) => waiting.push(enter));
    } else batches++;
    return {
      done: once(() => {
        const next = waiting.shift();
        if (next) next();
        else batches--;
      })(),
    };
  };
}

/** A maker of functions that act on their first call alone. */
function once(act: () => void): () => () => void {
  return () => {
    let isDone = false;
    return () => {
      if (!isDone) act();
      isDone = true;
    };
  };
}

function busy(): Reply {
  return problem(
    { code: 'server.busy', message: 'There is too much to do just now.', fix: 'Try again in a second.' },
    { headers: { 'Retry-After': '1' } },
  );
}

/** A bucket of tokens per caller; the seconds to wait for the next one, 0 where there is one. */
function createRateLimit({ ratePerSecond, rateBurst, now }: AdmissionOptions): (caller: string) => number {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (caller) => {
    const time = now();
    const bucket = buckets.get(caller) ?? { tokens: rateBurst, at: time };
    buckets.delete(caller);
    buckets.set(caller, bucket);
    if (buckets.size > mostCallers) buckets.delete(buckets.keys().next().value as string);
    bucket.tokens = Math.min(rateBurst, bucket.tokens + Math.max(0, time - bucket.at) * ratePerSecond);
    bucket.at = time;
    if (bucket.tokens < 1) return (1 - bucket.tokens) / ratePerSecond;
    bucket.tokens--;
    return 0;
  };
}

/** An IPv4 address as it is; of an IPv6 address the /64 that one customer of a provider has to itself. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('%')[0]!.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? front
      : [...front, ...Array.from({ length: 8 - front.length - back.length }, () => '0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
