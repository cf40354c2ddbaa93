import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pythonWith, runJson } from './harness/python.ts';
import { type Bench, type BenchFlags, type BenchRow, within } from './harness/row.ts';
import { servingPeers } from './serving.ts';
import { load } from './serving/load.ts';
import { type Server, startOurs } from './serving/servers.ts';

export const flags: BenchFlags = { minutes: { type: 'string', default: '3' } };

/** Share of what the server can do that is asked of it. */
const share = 0.7;

/**
 * Reloads and restarts under load: every answer must come, and have the score of the model it names. Restarts are rolling:
 * a second server starts, the first is told to stop with SIGTERM while callers go on, and half a second later they turn away.
 */
export const bench: Bench = async ({ full, flags: given }) => {
  const minutes = full ? 30 : Number(given.minutes);
  const plan = { minutes, reloads: Math.round(60 * minutes), restarts: Math.round((10 / 3) * minutes) };
  const python = pythonWith('serving', servingPeers);
  const folder = 'artifacts/bench/soak';
  mkdirSync(folder, { recursive: true });
  const bundle = join(folder, 'bundle.zip');
  const kept = ['one', 'two'].map((name) => join(folder, `${name}.zip`));
  runJson(python, ['bench/peers/serving.py', 'make', folder]);
  const versions = kept.map((path, i) => {
    const args = ['--import', 'tsx', 'bench/serving/bundle.child.ts', folder, String(1 + i / 10)];
    const { modelVersion } = runJson<{ modelVersion: string }>(process.execPath, args);
    copyFileSync(bundle, path);
    return modelVersion;
  });
  const customers = readFileSync(join(folder, 'requests.ndjson'), 'utf8').trimEnd().split('\n').slice(0, 50);
  const start = (port: number) => startOurs(folder, port, ['--drain-notice', '1']);
  /** In one piece: a server that starts meanwhile reads the one or the other. */
  const put = (path: string): void => {
    copyFileSync(path, `${bundle}.next`);
    renameSync(`${bundle}.next`, bundle);
  };
  let server = await start(18_201);
  try {
    const expected = new Map<string, readonly number[]>();
    for (const [i, version] of versions.entries()) {
      put(kept[i] as string);
      await post(server, '/model/reload', '{}');
      const scores = await Promise.all(
        customers.map(async (body) => (await post(server, '/predict', body)).probability),
      );
      expected.set(version, scores);
    }
    const able = await load({
      port: server.port,
      pid: server.pid,
      path: '/predict',
      bodies: join(folder, 'requests.ndjson'),
      connections: 8,
      perSecond: 0,
      seconds: 5,
      rowsPerRequest: 1,
    });
    const reasons = new Map<string, number>();
    const failed = (error: Error): void => {
      counts.failed++;
      reasons.set(error.message, (reasons.get(error.message) ?? 0) + 1);
    };
    const counts = { sent: 0, failed: 0, wrong: 0, reloads: 0, restarts: 0 };
    const started = performance.now();
    const end = started + plan.minutes * 60_000;
    const progress = (): number => (performance.now() - started) / (end - started);
    const perSecond = able.perSecond * share;

    const caller = async (): Promise<void> => {
      const waiting = new Set<Promise<void>>();
      for (let now = performance.now(); now < end; now = performance.now()) {
        for (; counts.sent < ((now - started) / 1000) * perSecond; counts.sent++) {
          const place = counts.sent % customers.length;
          const asked = post(server, '/predict', customers[place] as string).then(({ version, probability }) => {
            if (expected.get(version)?.[place] !== probability) counts.wrong++;
          }, failed);
          waiting.add(asked);
          void asked.finally(() => waiting.delete(asked));
        }
        await sleep(2);
      }
      await Promise.all(waiting);
    };
    const reloader = async (): Promise<void> => {
      while (performance.now() < end) {
        if (counts.reloads < progress() * plan.reloads) {
          put(kept[counts.reloads % 2] as string);
          await post(server, '/model/reload', '{}').then(() => void counts.reloads++, failed);
        }
        await sleep(5);
      }
    };
    const restarter = async (): Promise<void> => {
      while (performance.now() < end) {
        if (counts.restarts + 0.5 < progress() * plan.restarts) {
          const before = server;
          const next = await start(before.port === 18_201 ? 18_202 : 18_201);
          const stopped = before.stop();
          // Callers go on for half of the notice that the server gives, as long as a balancer takes to see it.
          await sleep(500);
          server = next;
          await stopped;
          counts.restarts++;
        }
        await sleep(50);
      }
    };
    await Promise.all([caller(), reloader(), restarter()]);
    for (const [reason, count] of reasons) console.log(`${count} × ${reason}`);
    return rowsOf(counts, plan, perSecond);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

function rowsOf(
  counts: { readonly sent: number; readonly failed: number; readonly wrong: number; reloads: number; restarts: number },
  plan: { readonly reloads: number; readonly restarts: number },
  perSecond: number,
): BenchRow[] {
  const why = `${counts.sent} requests at ${Math.round(perSecond)} a second, ${counts.reloads} reloads, ${counts.restarts} restarts by SIGTERM`;
  const none = (name: string, count: number): BenchRow => ({
    ...within(name, 'requests', 1, [count + 1], why),
    ours: count,
    peer: 0,
  });
  return [
    none('Requests that failed', counts.failed),
    none('Answers with the score of another model', counts.wrong),
    { ...within('Reloads missing', 'reloads', 1, [1 + Math.max(0, plan.reloads - 2 - counts.reloads)], why), peer: 0 },
    {
      ...within('Restarts missing', 'restarts', 1, [1 + Math.max(0, plan.restarts - 1 - counts.restarts)], why),
      peer: 0,
    },
  ];
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
/** A reload does not stand in line behind the customers. */
const operator = new Agent({ keepAlive: true });

/** One answer; anything but 200 is an error, and so is a connection that breaks. Nothing is tried twice. */
function post({ port }: Server, path: string, body: string): Promise<{ version: string; probability: number }> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    const sent = request(
      { host: '127.0.0.1', port, path, method: 'POST', headers, agent: path === '/predict' ? agent : operator },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => {
          if (response.statusCode !== 200) return reject(new Error(`${path}: ${response.statusCode}`));
          const answer = JSON.parse(text) as {
            readonly model_version: string;
            readonly conversion_probability: number;
          };
          resolve({ version: answer.model_version, probability: answer.conversion_probability });
        });
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
