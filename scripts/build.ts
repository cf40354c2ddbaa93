import { buildAll } from './setup/build.ts';

await buildAll();
