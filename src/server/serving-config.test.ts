import { expect, test } from 'vitest';
import { makeApiKey } from './api-keys.ts';
import { defaultServingYaml, parseServeArguments, readServingConfig } from './serving-config.ts';

const { entry } = makeApiKey('shop', 'predict');
const invalid = expect.objectContaining({ code: 'parameters.invalid' });

test('the default config in the product is the one the declared settings give (-u writes it anew)', async () => {
  await expect(defaultServingYaml()).toMatchFileSnapshot('../../public/config/serving.yaml');
  expect(readServingConfig(defaultServingYaml(), {}, {})).toEqual(readServingConfig('', {}, {}));
});

test('a flag goes before the environment, which goes before the file', () => {
  const yaml = 'limits:\n  rate_burst: 1\n  connections: 2\n  array_mib: 3\n';
  const { limits } = readServingConfig(
    yaml,
    { PROPENSITY_CONNECTIONS: '20', PROPENSITY_ARRAY_MIB: '30' },
    parseServeArguments(['--array-mib', '300']),
  );
  expect([limits.rate_burst, limits.connections, limits.array_mib]).toEqual([1, 20, 300]);
});

test.each(['0.0.0.0', '::', '192.168.1.2', 'shop.example'])(
  'without keys it does not listen on %s; with keys it does',
  (host) => {
    expect(() => readServingConfig('', {}, { host })).toThrow(invalid);
    expect(readServingConfig('', { PROPENSITY_API_KEYS: entry }, { host }).keys).toHaveLength(1);
  },
);

test.each<[string, string[]]>([
  ['a port in words', ['--port', 'http']],
  ['a port out of range', ['--port', '70000']],
  ['an unknown flag', ['--prot', '1']],
  ['a wildcard host', ['--allowed-hosts', '*.example']],
  ['a host with a port', ['--allowed-hosts', 'shop.example:80']],
  ['an origin with a path', ['--allowed-origins', 'https://shop.example/x']],
  ['any origin', ['--allowed-origins', '*']],
  ['a key in the clear', ['--api-keys', 'secret']],
])('%s is refused', (_, args) => {
  expect(() => readServingConfig('', {}, parseServeArguments(args))).toThrow(invalid);
});
