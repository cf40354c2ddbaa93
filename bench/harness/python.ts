import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The interpreter of an own virtual environment under .peers/ holding these packages; made on first use. */
export function pythonWith(environment: string, packages: readonly string[]): string {
  const folder = join('.peers', environment);
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!existsSync(python)) {
    mustRun('python3', ['-m', 'venv', folder], `Python 3 with venv is needed for the peers of this benchmark.`);
  }
  const missing = spawnSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (missing.status !== 0) throw new Error(`The peers could not be installed: ${packages.join(', ')}.`);
  return python;
}

/** Runs a command in a fresh process and reads the JSON object on its last line. */
export function runJson<T>(command: string, args: readonly string[], env: Record<string, string> = {}): T {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

function mustRun(command: string, args: readonly string[], why: string): void {
  if (spawnSync(command, args, { stdio: 'ignore' }).status !== 0) throw new Error(why);
}
