import { startJson } from '../harness/python.ts';

export interface LoadJob {
  readonly port: number;
  readonly path: string;
  /** NDJSON, one customer a line. */
  readonly bodies: string;
  readonly connections: number;
  /** 0: the next request as soon as an answer is here. Otherwise sent when due, however slow the answers. */
  readonly perSecond: number;
  readonly seconds: number;
  /** 1: a customer per request; more: a JSON array of them. */
  readonly rowsPerRequest: number;
  /** Of the server, whose CPU time is read. */
  readonly pid: number;
}

export interface LoadFigures {
  readonly requests: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly perCpuSecond: number;
  /** From when a request was due to its whole answer. */
  readonly p99Ms: number;
}

/** Loads a server from a process of its own. */
export async function load(job: LoadJob): Promise<LoadFigures> {
  const figures = await startJson<LoadFigures>(process.execPath, [
    '--import',
    'tsx',
    'bench/serving/load.child.ts',
    JSON.stringify(job),
  ]);
  if (figures.failed > 0) throw new Error(`${figures.failed} of ${figures.requests} requests to ${job.path} failed.`);
  return figures;
}
