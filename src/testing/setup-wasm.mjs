// Vitest's global set-up: kernels are built once before any test reads them.
export { buildWasm as default } from '../../scripts/build-wasm.mjs';
