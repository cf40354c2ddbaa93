import { expect, test } from 'vitest';
import { createRandom } from '../shared/random.ts';
import { classifyNumber, parseNumber, parseNumberText } from './numbers.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const classOf = (text: string, decimal?: string) =>
  classifyNumber(bytes(text), 0, bytes(text).length, decimal?.charCodeAt(0));

test('every double written by the engine is read back to the bit', () => {
  const random = createRandom(1);
  const view = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < 20_000; i++) {
    view.setUint32(0, random.integer(2 ** 32));
    view.setUint32(4, random.integer(2 ** 32));
    const scaled = (random.next() - 0.5) * Number(`1e${random.integer(30) - 12}`);
    for (const value of [view.getFloat64(0), scaled, Number(scaled.toFixed(random.integer(6)))]) {
      if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER)) continue;
      expect(parseNumberText(String(value))).toBe(value === 0 ? 0 : value);
    }
  }
});

test.each(['1', '-1', '+5', '.5', '5.', '1e5', '1E-3', '0', '0.00123', '-0', '123456789012345.678901234', '1e-400'])(
  '%s is a number',
  (text) => {
    expect(classOf(text)).toBe('number');
    expect(parseNumberText(text)).toBe(Number(text) + 0);
  },
);

test.each([
  '',
  ' ',
  '-',
  '.',
  'e5',
  '1e',
  '0x1F',
  '1_000',
  '１２',
  'Infinity',
  'NaN',
  '1,234.5',
  '1 000',
  '1.2.3',
  '5%',
  '$5',
  '--1',
  '1e5x',
])('"%s" is no number', (text) => {
  expect(classOf(text)).toBe('none');
});

test('what a number would not give back is an identifier', () => {
  for (const text of ['00123', '-007', '9007199254740993', '12345678901234567890'])
    expect(classOf(text)).toBe('identifier');
  expect(classOf('9007199254740991')).toBe('number');
});

test('a number too large for a double overflows', () => {
  expect(classOf('1e999')).toBe('overflow');
  expect(parseNumber(bytes('1e999'), 0, 5)).toBeNaN();
});

test('the decimal mark is the one asked for', () => {
  expect(parseNumber(bytes('1,5'), 0, 3, 44)).toBe(1.5);
  expect(classOf('1.5', ',')).toBe('none');
  expect(parseNumber(bytes('0,12345678901234567'), 0, 19, 44)).toBe(Number('0.12345678901234567'));
});
