// The one door of every npm script: checks Node, installs the locked dependencies if they are missing, then hands over.
// Plain JavaScript without dependencies, because it runs before any are there.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tasks = ['demo', 'test', 'start', 'serve', 'propensity', 'dev', 'build', 'check', 'nightly', 'bench'];

const [task, ...rest] = process.argv.slice(2);
if (!tasks.includes(task)) fail(`There is no task "${task}". Choose one of: ${tasks.join(', ')}.`);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: Propensity Studio needs Node 20.19 or newer.`);
}
if (!dependenciesAreCurrent()) {
  console.log('Installing the locked dependencies …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail('The dependencies could not be installed: npm ci failed (its words are above).');
}

const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${task}.ts`, ...rest], {
  cwd: root,
  stdio: 'inherit',
});
// Whoever stops this process means the task; an interrupt from the keyboard reaches it anyway.
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGINT', () => undefined);
child.on('exit', (status) => process.exit(status ?? 1));

function dependenciesAreCurrent() {
  const installed = `${root}/node_modules/.package-lock.json`;
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${root}/package-lock.json`).mtimeMs - 1000;
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
