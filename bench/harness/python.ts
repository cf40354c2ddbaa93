import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The peers of record, pinned: a figure names what it was measured against. */
export const tabularPeers = [
  'numpy==2.4.6',
  'pandas==3.1.1',
  'pyarrow==26.0.1',
  'scikit-learn==1.9.1',
  'lightgbm==4.7.0',
] as const;

/** The interpreter of an own virtual environment under .peers/ holding these packages; made on first use. */
export function pythonWith(environment: string, packages: readonly string[]): string {
  const folder = join('.peers', environment);
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(folder, 'installed.txt');
  const wanted = packages.join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  console.log(`Setting up ${environment} peers in ${folder}: ${packages.join(', ')} …`);
  if (!existsSync(python))
    run('python3', ['-m', 'venv', folder], 'Python 3 with venv is needed for the peers of this benchmark.');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
  run(python, install, `The peers could not be installed: ${packages.join(', ')}.`);
  writeFileSync(stamp, wanted);
  return python;
}

/** Runs a command in a fresh process and reads the JSON object on its last line. */
export function runJson<T>(command: string, args: readonly string[], env: Record<string, string> = {}): T {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${error?.message ?? stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

/** As `runJson`, beside other work: for figures that do not depend on how fast it goes. */
export async function startJson<T>(command: string, args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(command, [...args], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

function run(command: string, args: readonly string[], why: string): void {
  if (spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) throw new Error(why);
}
