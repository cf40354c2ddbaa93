import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

/** Flags for every Chromium the project starts: quiet, headless-safe, and with WebGPU on where only software is there. */
export const chromiumFlags = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A Chromium to drive: an environment variable, an installed Chromium or Chrome, Playwright's own, otherwise Playwright's
 * download, and where that cannot be had the system's package manager. Throws one clear sentence when none works.
 */
export function findBrowser(): string {
  const found = fromEnvironment() ?? fromPath() ?? fromUsualPlaces() ?? playwrightsOwn();
  if (found) return found;
  console.log('No Chromium found: asking Playwright to install one …');
  const installed = run('npx', ['playwright', 'install', '--with-deps', 'chromium'], 240_000);
  const own = playwrightsOwn();
  if (installed && own) return own;
  console.log('Playwright could not download one: asking the system’s package manager …');
  for (const [command, ...steps] of packageManagers) {
    if (!onPath(command as string)) continue;
    for (const args of steps as string[][]) run(command as string, args, 600_000);
    const system = fromPath() ?? systemPlaces.find((path) => existsSync(path));
    if (system) return system;
  }
  throw new Error(
    'No browser: install Chromium or Chrome, or set CHROMIUM_PATH to the program (the demo and the browser tests drive it).',
  );
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

const systemPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
];

const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
const packageManagers: (string | string[])[][] = [
  ['apt-get', ['update', '-qq'], ['install', '-y', '-qq', 'chromium']],
  ['dnf', ['install', '-y', 'chromium']],
  ['apk', ['add', '--no-cache', 'chromium']],
  ['pacman', ['-Sy', '--noconfirm', 'chromium']],
];

function fromEnvironment(): string | undefined {
  for (const name of ['CHROMIUM_PATH', 'CHROME_PATH', 'PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH']) {
    const path = process.env[name];
    if (!path) continue;
    if (!existsSync(path)) throw new Error(`${name} is "${path}", but there is no such program.`);
    return path;
  }
  return undefined;
}

function fromPath(): string | undefined {
  for (const name of names) {
    const path = onPath(name);
    if (path) return path;
  }
  return undefined;
}

const fromUsualPlaces = () => usualPlaces.find((path) => existsSync(path));

function playwrightsOwn(): string | undefined {
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

function onPath(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: look in the next folder.
    }
  }
  return undefined;
}

function run(command: string, args: string[], timeout: number): boolean {
  const [program, ...rest] = command === 'npx' ? [command, ...args] : [...sudo, command, ...args];
  const { status } = spawnSync(program as string, rest, {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}
