import { parseArgs } from 'node:util';
import { type ConfiguredModel, readModelConfig, writeModelConfig } from '../adapters/any/yaml.ts';
import { checkParameters } from '../core/models/parameter-check.ts';
import type { ParameterSchema, Parameters } from '../core/models/parameters.ts';
import { StudioError } from '../core/shared/errors.ts';
import { type ApiKey, readApiKeys } from './api-keys.ts';

type Section = 'server' | 'models' | 'limits' | 'timeouts';

const integer = (name: string, help: string, value: number, max: number, min = 1): ParameterSchema => ({
  type: 'integer',
  name,
  help,
  min,
  max,
  default: value,
});
const text = (name: string, help: string, value = ''): ParameterSchema => ({
  type: 'text',
  name,
  help,
  maxLength: 20_000,
  default: value,
});

/** Every setting of the stand-alone server, declared once: YAML, flags (--rate-burst) and environment (PROPENSITY_RATE_BURST) follow. */
const sections: readonly ConfiguredModel<Section>[] = [
  {
    kind: 'server',
    label: 'Where it listens, and who may call',
    parameters: [
      integer('port', 'Port to listen on; 0 takes a free one', 8000, 65_535, 0),
      text('host', 'Address to listen on; anything but loopback needs API keys', '127.0.0.1'),
      text('allowed_hosts', 'Host names callers use beside localhost, exact, without port, separated by commas'),
      text('allowed_origins', 'Origins of web pages that may call, exact, separated by commas: https://shop.example'),
      text(
        'api_keys',
        'name:scope+scope:SHA-256 of the key, separated by semicolons; npm run serve -- --make-key NAME',
      ),
    ],
  },
  {
    kind: 'models',
    label: 'Which models answer, beside --bundle',
    parameters: [
      text('challenger', 'Bundle that answers a share of customers; empty for none'),
      integer('challenger_percent', 'Share of customers the challenger answers, in percent', 10, 100, 0),
      text(
        'experiment',
        'Name that salts which customers the challenger answers; change it to draw anew',
        'experiment-1',
      ),
      text('shadow', 'Bundle that scores everybody unseen, for the metrics; empty for none'),
    ],
  },
  {
    kind: 'limits',
    label: 'How much at a time',
    parameters: [
      integer('array_customers', 'Customers in one JSON array', 10_000, 1_000_000),
      integer('array_mib', 'Size of one JSON array in MiB', 16, 1024),
      integer('stream_mib', 'Size of one NDJSON or CSV stream in MiB', 2048, 1_048_576),
      integer('requests_at_once', 'Requests being answered; more are told to come back (503)', 256, 100_000),
      integer('batches_at_once', 'Batches being scored; others wait', 2, 1000),
      integer('batches_waiting', 'Batches that wait; more are told to come back (503)', 16, 10_000, 0),
      integer('rate_per_second', 'Requests a second by one key, or one address without keys', 5000, 1_000_000),
      integer('rate_burst', 'Requests above that rate in one go', 10_000, 10_000_000),
      integer('connections', 'Open connections', 1000, 100_000),
    ],
  },
  {
    kind: 'timeouts',
    label: 'How long, in seconds',
    parameters: [
      integer('headers_timeout', 'Until the head of a request is here', 10, 300),
      integer('request_timeout', 'Until the whole request is here, streams included', 120, 86_400),
      integer('idle_timeout', 'Without a byte in either direction during a request', 15, 3600),
      integer('keep_alive', 'Between two requests of one connection', 65, 3600),
      integer('drain_notice', 'On SIGTERM: not ready, but still answering, so that callers turn away', 1, 300, 0),
      integer('drain_timeout', 'On SIGTERM: for what is being answered to end', 8, 3600),
    ],
  },
];

/** Settings as the server reads them. Durations in seconds. */
export interface ServingConfig {
  readonly server: Parameters;
  readonly models: Parameters;
  readonly limits: Parameters;
  readonly timeouts: Parameters;
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly keys: readonly ApiKey[];
}

/** The file public/config/serving.yaml as the declared settings give it. */
export function defaultServingYaml(): string {
  return writeModelConfig(sections, {}, 'Settings of npm run serve.');
}

/** Flags that the command line takes for settings, without dashes: "rate-burst". */
export const settingFlags: readonly string[] = sections.flatMap(({ parameters }) =>
  parameters.map(({ name }) => name.replaceAll('_', '-')),
);

/** Settings from YAML, then the environment over them, then flags. What none of them says has its default. */
export function readServingConfig(
  yaml: string,
  environment: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Record<string, unknown>>,
): ServingConfig {
  const fromFile = readModelConfig(yaml, sections);
  const [server, models, limits, timeouts] = sections.map(({ kind, parameters }) => {
    const values: Record<string, unknown> = { ...fromFile[kind] };
    for (const parameter of parameters) {
      const flag = flags[parameter.name.replaceAll('_', '-')];
      const given = flag ?? environment[`PROPENSITY_${parameter.name.toUpperCase()}`];
      if (typeof given === 'string') values[parameter.name] = parameter.type === 'text' ? given : plainNumber(given);
    }
    return checkParameters(kind, parameters, values);
  }) as [Parameters, Parameters, Parameters, Parameters];
  const keys = readApiKeys(server.api_keys as string);
  const host = server.host as string;
  if (keys.length === 0 && !loopback.includes(host)) {
    throw new StudioError(
      'parameters.invalid',
      `${host} can be reached from other machines, and there are no API keys.`,
      {
        where: { field: 'server.api_keys' },
        fix: 'Make one with npm run serve -- --make-key NAME and set api_keys, or listen on 127.0.0.1.',
      },
    );
  }
  const own = host === '0.0.0.0' || host === '::' ? [] : [host.includes(':') ? `[${host}]` : host.toLowerCase()];
  return {
    server,
    models,
    limits,
    timeouts,
    keys,
    hosts: [...new Set(['localhost', '127.0.0.1', '[::1]', ...own, ...list(server.allowed_hosts, isHostName)])],
    origins: list(server.allowed_origins, isOrigin),
  };
}

const loopback: readonly string[] = ['127.0.0.1', 'localhost', '::1'];

/** The command line's own words, beside the settings. */
export function parseServeArguments(args: readonly string[]): Readonly<Record<string, string | undefined>> {
  const names = ['bundle', 'config', 'make-key', 'scopes', ...settingFlags];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...args], options }).values as Record<string, string | undefined>;
  } catch (cause) {
    throw new StudioError('parameters.invalid', cause instanceof Error ? cause.message : String(cause), {
      fix: `Flags are ${names.map((name) => `--${name}`).join(', ')}.`,
      cause,
    });
  }
}

function plainNumber(given: string): unknown {
  return /^\d+$/.test(given) ? Number(given) : given;
}

function list(value: unknown, isSound: (entry: string) => boolean): string[] {
  const entries = String(value)
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
  const wrong = entries.find((entry) => !isSound(entry));
  if (wrong === undefined) return entries;
  throw new StudioError('parameters.invalid', `"${wrong.slice(0, 80)}" is no exact host name or origin.`, {
    where: { field: 'server.allowed_hosts' },
    fix: 'Hosts are names without port ("shop.example"), origins are "https://shop.example". There are no wildcards.',
  });
}

function isHostName(entry: string): boolean {
  return /^(\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/.test(entry);
}

function isOrigin(entry: string): boolean {
  return URL.canParse(entry) && new URL(entry).origin === entry;
}
