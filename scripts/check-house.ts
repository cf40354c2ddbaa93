// Who may import whom, which library has which one importer, and which functions core may not call.
// The rules are the tables below; docs/architecture.md says why.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Rooms of core from left to right: a room imports itself and those to its left. */
const rooms = [
  'shared',
  'data',
  'features',
  'kernels',
  'models',
  'evaluation',
  'explanation',
  'scoring',
  'decisions',
  'monitoring',
  'registry',
  'reports',
  'jobs',
];

/** Pairs that do not know each other although one stands left of the other. */
const strangers: [string, string][] = [
  ['models', 'features'],
  ['evaluation', 'models'],
];

/** Folders outside core and what they may import of this project. */
const mayImport: Record<string, string[]> = {
  'src/adapters': ['src/core', 'src/adapters', 'src/wasm', 'workers'],
  workers: ['src/core', 'src/adapters', 'src/server', 'workers'],
  'src/app': ['src/core', 'src/adapters', 'src/app'],
  'src/server': ['src/core', 'src/adapters', 'src/server'],
  'src/cli': ['src/core', 'src/adapters', 'src/cli'],
  'src/wasm': ['src/wasm'],
};

/** Each library and the one place (file or folder) that may import it. */
const importers: Record<string, string> = {
  '@tensorflow/tfjs': 'src/adapters/page/tensors',
  '@tensorflow/tfjs-backend-webgpu': 'src/adapters/page/tensors',
  comlink: 'src/adapters/page/rpc/',
  'apache-arrow': 'src/adapters/any/arrow',
  papaparse: 'src/adapters/any/csv-dialect',
  hyparquet: 'src/adapters/any/parquet',
  'hyparquet-compressors': 'src/adapters/any/parquet',
  'hyparquet-writer': 'src/adapters/any/parquet',
  yaml: 'src/adapters/any/yaml',
  idb: 'src/adapters/page/registry-store',
  protobufjs: 'src/adapters/any/exports/onnx',
  fflate: 'src/adapters/any/zip',
  hono: 'src/server/',
  'plotly.js': 'src/app/charts/',
  react: 'src/app/',
  zustand: 'src/app/',
  '@mantine/core': 'src/app/',
  '@mantine/hooks': 'src/app/',
  '@mantine/notifications': 'src/app/',
  '@tabler/icons-react': 'src/app/',
  '@tanstack/react-virtual': 'src/app/components/row-table',
  'pure-rand': 'src/core/shared/random',
};

/** Packages core may import at all. */
const corePackages = [/^pure-rand/, /^@stdlib\//];

/** Engines disagree on the last bits of these (ADR 0002); clocks and global randomness make results differ. */
const bannedInCore =
  /\bMath\.(exp|expm1|log|log1p|log2|log10|pow|tanh|sinh|cosh|sin|cos|tan|asin|acos|atan|atan2|cbrt|random)\b|\bDate\.(now|parse)\b|\bnew Date\(\)|\bperformance\.now\b|\.toLocale|[^*/]\*\*[^*/]/;

const problems: string[] = [];
const files = ['src', 'workers'].flatMap((folder) => walk(join(root, folder)));
for (const file of files) checkFile(relative(root, file));
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);

function checkFile(file: string): void {
  const text = readFileSync(join(root, file), 'utf8');
  const isTest = /\.test\.tsx?$/.test(file) || file.startsWith('src/testing/') || file.includes('/testing/');
  for (const target of importsOf(text)) {
    if (target.startsWith('.')) {
      if (!isTest) checkDirection(file, normalize(join(dirname(file), target.replace(/\?.*$/, ''))));
    } else if (!isTest) checkPackage(file, target);
  }
  if (file.startsWith('src/core/') && !isTest) {
    text.split('\n').forEach((line, index) => {
      const code = line.replace(/\/\/.*$|^\s*\/?\*.*$|(['"`])(?:\\.|(?!\1).)*\1/g, '');
      if (bannedInCore.test(code)) problems.push(`${file}:${index + 1} calls what core may not: ${line.trim()}`);
    });
  }
}

function checkDirection(file: string, target: string): void {
  const from = roomOf(file);
  const to = roomOf(target);
  if (from && !to) problems.push(`${file} is core and imports ${target}`);
  if (from && to) {
    if (rooms.indexOf(to) > rooms.indexOf(from)) problems.push(`${file} imports rightward: ${target}`);
    if (strangers.some(([one, other]) => one === from && other === to)) problems.push(`${file} may not know ${target}`);
  }
  const folder = Object.keys(mayImport).find((each) => file.startsWith(`${each}/`));
  if (folder && !mayImport[folder]?.some((each) => target.startsWith(`${each}/`))) {
    problems.push(`${file} (${folder}) may not import ${target}`);
  }
  const page = /^src\/app\/pages\/([^/]+)/;
  const [, fromPage] = page.exec(file) ?? [];
  const [, toPage] = page.exec(target) ?? [];
  if (fromPage && toPage && fromPage.replace(/\..*$/, '').split('-')[0] !== toPage.replace(/\..*$/, '').split('-')[0]) {
    problems.push(`${file} is a page and imports another page: ${target}`);
  }
}

function checkPackage(file: string, target: string): void {
  const name = target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
  const owner = importers[name];
  if (owner && !file.startsWith(owner)) problems.push(`${file} imports ${name}, which only ${owner} may`);
  if (file.startsWith('src/core/') && !corePackages.some((allowed) => allowed.test(name))) {
    problems.push(`${file} is core and imports the package ${name}`);
  }
}

function roomOf(file: string): string | undefined {
  const room = /^src\/core\/([^/]+)\//.exec(file)?.[1];
  return room && rooms.includes(room) ? room : undefined;
}

function importsOf(text: string): string[] {
  const found = text.matchAll(
    /(?:^|[\s;}])(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm,
  );
  return [...found].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
}

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'build' || name === 'golden' ? [] : walk(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}
