import { parseArgs } from 'node:util';
import { buildAll } from './setup/build.ts';
import { startPreview } from './setup/preview-server.ts';

const { values } = parseArgs({ options: { port: { type: 'string' } } });
try {
  await buildAll();
  const { url } = await startPreview(values.port === undefined ? undefined : Number(values.port));
  console.log(`Propensity Studio is at ${url}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
