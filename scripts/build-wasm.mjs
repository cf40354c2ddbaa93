// Compiles every module of src/wasm to src/wasm/build/NAME.wasm. Skips modules that are newer than all sources.
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src/wasm');
const build = join(source, 'build');

export async function buildWasm() {
  mkdirSync(build, { recursive: true });
  const files = readdirSync(source).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));
  const newest = Math.max(...files.map((file) => statSync(join(source, file)).mtimeMs));
  // A file named NAME.ts is a module; NAME.part.ts is only imported by modules.
  const modules = files.filter((file) => !file.includes('.part.')).map((file) => file.slice(0, -3));
  const stale = modules.filter((name) => {
    const out = join(build, `${name}.wasm`);
    return !existsSync(out) || statSync(out).mtimeMs < newest;
  });
  if (stale.length === 0) return;
  const { default: asc } = await import('assemblyscript/asc');
  for (const name of stale) {
    const { error, stderr } = await asc.main([
      `src/wasm/${name}.ts`,
      '-o',
      `src/wasm/build/${name}.wasm`,
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--enable',
      'threads',
      '--importMemory',
      '--sharedMemory',
      '--initialMemory',
      '16',
      '--maximumMemory',
      '65536',
      '--baseDir',
      root,
    ]);
    // oxlint-disable-next-line typescript/no-base-to-string -- the compiler's memory stream has a toString of its own
    if (error) throw new Error(`${name}: ${error.message}\n${stderr.toString()}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWasm();
