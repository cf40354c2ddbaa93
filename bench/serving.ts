import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pythonWith, runJson } from './harness/python.ts';
import { type Bench, type BenchFlags, type BenchRow, compare } from './harness/row.ts';
import { load } from './serving/load.ts';
import { type Server, startOurs, startPeer } from './serving/servers.ts';

export const servingPeers = [
  'numpy==2.4.6',
  'lightgbm==4.7.0',
  'fastapi==0.165.0',
  'uvicorn[standard]==0.54.0',
] as const;

export const flags: BenchFlags = { seconds: { type: 'string', default: '5' } };

interface Job {
  readonly name: string;
  readonly path: string;
  readonly rowsPerRequest: number;
  readonly connections: number;
  readonly must: number;
  readonly aim: number;
}

const jobs: readonly Job[] = [
  {
    name: '/predict with 3 reasons',
    path: '/predict?reasons=3',
    rowsPerRequest: 1,
    connections: 8,
    must: 5,
    aim: 15,
  },
  { name: '/predict', path: '/predict', rowsPerRequest: 1, connections: 8, must: 2, aim: 4 },
  { name: '/predict/batch of 1,000', path: '/predict/batch', rowsPerRequest: 1000, connections: 2, must: 3, aim: 10 },
];

/** The stand-alone server against FastAPI, uvicorn and LightGBM: same customers, same trees, one process each, interleaved. */
export const bench: Bench = async ({ runs, flags: given }) => {
  const seconds = Number(given.seconds);
  const python = pythonWith('serving', servingPeers);
  const folder = 'artifacts/bench/serving';
  mkdirSync(folder, { recursive: true });
  runJson(python, ['bench/peers/serving.py', 'make', folder]);
  runJson(process.execPath, ['--import', 'tsx', 'bench/serving/bundle.child.ts', folder]);
  const servers: Server[] = [];
  try {
    const ours = await startOurs(folder, 18_101);
    servers.push(ours);
    const peer = await startPeer(python, folder, 18_102);
    servers.push(peer);
    const farthest = await farthestScore(folder, ours, peer);
    const rows: BenchRow[] = [];
    for (const job of jobs) rows.push(...(await measure(job, { folder, ours, peer, runs, seconds, farthest })));
    return rows;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Setting {
  readonly folder: string;
  readonly ours: Server;
  readonly peer: Server;
  readonly runs: number;
  readonly seconds: number;
  readonly farthest: number;
}

async function measure(job: Job, { folder, ours, peer, runs, seconds, farthest }: Setting): Promise<BenchRow[]> {
  const { name, path, rowsPerRequest, connections, must, aim } = job;
  const ask = (server: Server, forSeconds: number, perSecond = 0) =>
    load({
      port: server.port,
      pid: server.pid,
      path,
      bodies: join(folder, 'requests.ndjson'),
      connections,
      perSecond,
      seconds: forSeconds,
      rowsPerRequest,
    });
  const rates: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  const p99: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  const sides = { ours, peer };
  for (const side of ['ours', 'peer'] as const) await ask(sides[side], seconds);
  for (let run = 0; run < runs; run++) {
    for (const side of ['peer', 'ours'] as const) {
      const { perCpuSecond, perSecond } = await ask(sides[side], seconds);
      rates[side].push(perCpuSecond * rowsPerRequest);
      if (rowsPerRequest === 1) p99[side].push((await ask(sides[side], seconds, perSecond / 2)).p99Ms);
    }
  }
  const unit = rowsPerRequest === 1 ? 'requests/CPU s' : 'rows/CPU s';
  const why = `same trees, scores at most ${farthest.toExponential(1)} apart; one process each, every check on`;
  const rate = compare({ name, unit, ours: rates.ours, peer: rates.peer, must, aim, biggerIsBetter: true, why });
  if (rowsPerRequest > 1) return [rate];
  const latency = {
    name: `${name}: p99 at half its own capacity`,
    unit: 'ms',
    ours: p99.ours,
    peer: p99.peer,
    must: 1,
    aim: 3,
    why: `${connections} connections, requests sent when due`,
  };
  return [rate, compare(latency)];
}

/** The largest difference between both sides' scores of the same customers. */
async function farthestScore(folder: string, ours: Server, peer: Server): Promise<number> {
  const customers = readFileSync(join(folder, 'requests.ndjson'), 'utf8').trimEnd().split('\n').join(',');
  const [mine, theirs] = await Promise.all(
    [ours, peer].map(async ({ port }) => {
      const response = await fetch(`http://127.0.0.1:${port}/predict/batch`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: `[${customers}]`,
      });
      return (await response.json()) as { readonly propensity_score: number }[];
    }),
  );
  const distances = mine!.map((score, i) => Math.abs(score.propensity_score - theirs![i]!.propensity_score));
  const farthest = Math.max(...distances);
  if (!(farthest < 1e-9)) throw new Error(`The two servers do not score alike: ${farthest}.`);
  return farthest;
}
