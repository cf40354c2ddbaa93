import { createServer } from 'vite';
import { buildWasm } from './build-wasm.mjs';

await buildWasm();
const server = await createServer();
await server.listen();
server.printUrls();
