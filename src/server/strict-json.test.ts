import { expect, test } from 'vitest';
import { StudioError } from '../core/shared/errors.ts';
import { parseStrictJson } from './strict-json.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

test.each([
  '{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}',
  ' { "a" : "x:y" , "b" : "\\"c\\": 1" , "d\\\\" : "\\\\" } ',
  '[":",{"":""},"\\\\\\"{"]',
  '"text: with \\" quotes"',
  '-0',
  nested(32),
])('%s is read as JSON.parse reads it', (text) => {
  expect(parseStrictJson(text)).toEqual(JSON.parse(text));
});

test.each<[string, string]>([
  ['{"a":1,"a":1}', 'twice'],
  ['{"b":{"x":{},"x":{}}}', 'twice'],
  ['{"a":1,"\\u0061":2}', 'twice'],
  ['[{"a":1},{"a":1, "b":0 , "b" :0}]', 'twice'],
  ['{"a":{"__proto__":{}}}', '__proto__'],
  ['{"\\u005f_proto__":1}', '__proto__'],
  ['{"a":[1e999]}', 'too large'],
  [nested(33), 'deeper'],
  [nested(100_000), 'deeper'],
  ['['.repeat(100_000), 'deeper'],
  ['{"a":NaN}', 'not acceptable JSON'],
  ['\ufeff{}', 'not acceptable JSON'],
  ['{"a"', 'not acceptable JSON'],
  ['"\\', 'not acceptable JSON'],
  ['', 'not acceptable JSON'],
])('%.60s is refused', (text, why) => {
  expect(() => parseStrictJson(text)).toThrow(StudioError);
  expect(() => parseStrictJson(text)).toThrow(why);
});
