import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Server {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** npm run serve on this bundle: every check on, the rate limit above what one caller can send here, nothing cached. */
export function startOurs(folder: string, port: number, flags: readonly string[] = []): Promise<Server> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'scripts/serve.ts',
      `--port=${port}`,
      `--bundle=${join(folder, 'bundle.zip')}`,
      '--rate-per-second=1000000',
      '--rate-burst=1000000',
      '--drain-notice=0',
      ...flags,
    ],
    { stdio: 'ignore' },
  );
  return serverOf(child, port);
}

/** One uvicorn process with its C event loop and parser, without access log. */
export function startPeer(python: string, folder: string, port: number): Promise<Server> {
  const child = spawn(
    python,
    ['-m', 'uvicorn', '--app-dir', 'bench/peers', 'serving:app', '--port', String(port), '--log-level', 'warning'],
    { stdio: 'ignore', env: { ...process.env, MODEL: join(folder, 'model.txt'), OMP_NUM_THREADS: '1' } },
  );
  return serverOf(child, port);
}

async function serverOf(child: ChildProcess, port: number): Promise<Server> {
  const gone = once(child, 'exit');
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`The server on port ${port} stopped at once.`);
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (answer?.ok) {
      return {
        port,
        pid: child.pid as number,
        async stop() {
          child.kill('SIGTERM');
          await gone;
        },
      };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGKILL');
  throw new Error(`The server on port ${port} did not answer within 30 seconds.`);
}
