import { build } from 'vite';
import { buildWasm } from '../build-wasm.mjs';

/** Kernels first, then the page that carries them. */
export async function buildAll(): Promise<void> {
  await buildWasm();
  await build({ logLevel: 'warn' });
}
