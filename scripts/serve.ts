// npm run serve -- --bundle FILE: the HTTP API in a server of its own. Settings: public/config/serving.yaml, flags, PROPENSITY_*.
import { existsSync, readFileSync } from 'node:fs';
import { toPlainError } from '../src/core/shared/errors.ts';
import { makeApiKey } from '../src/server/api-keys.ts';
import { startNodeHost } from '../src/server/node-host.ts';
import { createMetrics } from '../src/server/metrics.ts';
import { serveModels } from '../src/server/served-models.ts';
import { parseServeArguments, readServingConfig } from '../src/server/serving-config.ts';

/** One event a line, for machines; JSON escapes whatever a caller may have put into it. */
const log = (event: string, facts: object = {}): void =>
  console.error(JSON.stringify({ time: new Date().toISOString(), event, ...facts }));

try {
  const flags = parseServeArguments(process.argv.slice(2));
  if (flags['make-key'] !== undefined) {
    const { key, entry } = makeApiKey(flags['make-key'], flags.scopes ?? 'predict');
    console.log(
      `Give this key to the caller, it is not kept anywhere:\n  ${key}\nand add this to api_keys:\n  ${entry}`,
    );
  } else await serve(flags);
} catch (error) {
  const { message, fix } = toPlainError(error);
  console.error(fix ? `${message} ${fix}` : message);
  process.exitCode = 2;
}

async function serve(flags: Readonly<Record<string, string | undefined>>): Promise<void> {
  const path = flags.config ?? 'public/config/serving.yaml';
  const yaml = flags.config !== undefined || existsSync(path) ? readFileSync(path, 'utf8') : '';
  const config = readServingConfig(yaml, process.env, flags);
  const bundle = flags.bundle ?? process.env.PROPENSITY_BUNDLE ?? 'artifacts/bundles/boosting.zip';
  const { challenger, challenger_percent: percent, experiment, shadow } = config.models;
  const metrics = createMetrics();
  const served = serveModels(
    {
      default: bundle,
      ...(challenger
        ? {
            challenger: {
              path: String(challenger),
              experiment: { name: String(experiment), share: Number(percent) / 100 },
            },
          }
        : {}),
      ...(shadow ? { shadow: String(shadow) } : {}),
    },
    { log, onShadow: metrics.countShadow },
  );
  const host = await startNodeHost(config, served, log, metrics);
  const { modelVersion } = served.lineup().models[0].scorer.bundle.manifest;
  console.log(`The model ${modelVersion} answers at ${host.url} (documentation at ${host.url}/docs)`);
  log('listening', { url: host.url, model_version: modelVersion, keys: config.keys.length });

  let stops = 0;
  const stop = (signal: string): void => {
    if (++stops > 1) process.exit(1);
    log('draining', { signal });
    void host.drain().then((isWhole) => {
      log('stopped', { drained: isWhole });
      process.exit(isWhole ? 0 : 1);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
