import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createNodeKernels } from '../../adapters/node/kernels.ts';
import { cos, exp, expm1, log, log10, log1p, log2, logit, pow, sigmoid, sin, softplus, tanh } from './exact-math.ts';

// In the order that the kernel numbers them.
const exact = { exp, expm1, log, log1p, log2, log10, pow, sigmoid, tanh, softplus, logit, sin, cos };
type Name = keyof typeof exact;

const golden = JSON.parse(
  readFileSync(new URL('../../testing/golden/exact-math.json', import.meta.url), 'utf8'),
) as Record<Name, { x: string; y?: string; value: string }>;

const unpacked = (base64: string): Float64Array => {
  const bytes = Buffer.from(base64, 'base64');
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

const bitsOf = (values: Float64Array): BigInt64Array =>
  new BigInt64Array(values.buffer, values.byteOffset, values.length);

/** Doubles between a and b. */
function ulpsApart(a: number, b: number): number {
  const [x, y] = bitsOf(Float64Array.of(a, b)) as unknown as [bigint, bigint];
  const ordered = (bits: bigint): bigint => (bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits);
  return Math.abs(Number(ordered(x) - ordered(y)));
}

const limits: Record<Name, number> = {
  exp: 1,
  expm1: 1,
  log: 1,
  log1p: 1,
  log2: 1,
  log10: 1,
  pow: 1,
  sin: 1,
  cos: 1,
  sigmoid: 3,
  tanh: 3,
  softplus: 3,
  logit: 3,
};
const names = Object.keys(limits) as Name[];

test.each(names)('%s is within its limit of the correctly rounded values', (name) => {
  const { x, y, value } = golden[name];
  const inputs = unpacked(x);
  const exponents = y === undefined ? inputs : unpacked(y);
  const expected = unpacked(value);
  let worst = 0;
  let at = 0;
  expected.forEach((correct, i) => {
    const ours = exact[name](inputs[i]!, exponents[i]!);
    const apart = Number.isNaN(ours) ? Number.POSITIVE_INFINITY : ulpsApart(ours, correct);
    if (apart > worst) {
      worst = apart;
      at = i;
    }
  });
  expect(worst, `at ${inputs[at]}, ${exponents[at]}`).toBeLessThanOrEqual(limits[name]);
});

const special = [0, 1, 2, 3, 0.5, 1.5, 5e-324, 2.2250738585072014e-308, 1e-300, 1e308, 2 ** 53, 2 ** 53 - 1, 2 ** 31]
  .concat([Number.POSITIVE_INFINITY, 1 + 2 ** -52, 1 - 2 ** -53, 709.79, 745.2, 1074, 1075])
  .flatMap((value) => [value, -value])
  .concat(Number.NaN);

test('zeros, infinities, NaN and the ends of the range behave as ECMAScript says', () => {
  // Here the engine's own functions are the reference: these results are exact in every engine.
  const exactOnly = (value: number): boolean =>
    Number.isNaN(value) || value === 0 || Math.abs(value) === Number.POSITIVE_INFINITY;
  for (const name of ['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'tanh'] as const) {
    for (const x of special) {
      const engine = Math[name](x);
      if (exactOnly(engine)) expect(exact[name](x), `${name}(${x})`).toBe(engine);
    }
  }
  for (const x of special) {
    for (const y of special) {
      const engine = x ** y;
      if (exactOnly(engine)) expect(exact.pow(x, y), `pow(${x}, ${y})`).toBe(engine);
    }
  }
  expect(exact.sin(-0)).toBe(-0);
  expect(exact.cos(0)).toBe(1);
  expect([exact.sin(Number.POSITIVE_INFINITY), exact.cos(1e300), exact.sin(Number.NaN)]).toEqual([NaN, NaN, NaN]);
  expect([exact.sigmoid(Number.NEGATIVE_INFINITY), exact.sigmoid(Number.POSITIVE_INFINITY)]).toEqual([0, 1]);
  expect([exact.logit(0), exact.logit(0.5), exact.logit(1), exact.logit(1.5)]).toEqual([-Infinity, 0, Infinity, NaN]);
  expect([exact.softplus(800), exact.softplus(-800), exact.softplus(Number.NaN)]).toEqual([800, 0, NaN]);
  expect([exact.exp(0), exact.log(1), exact.log2(1024), exact.log10(1000), exact.pow(3, 2)]).toEqual([1, 0, 10, 3, 9]);
});

/** Doubles of every exponent and sign, others near where the functions bend, and the special ones. */
function manyInputs(count: number): Float64Array {
  const values = new Float64Array(count);
  const words = new Uint32Array(values.buffer);
  let state = 12345;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    words[i] = state ^ (state >>> 15);
  }
  // Three of four close to where scores live; the rest any bits at all, NaN and subnormals among them.
  for (let i = 0; i < count; i++) {
    if ((i & 3) === 0) continue;
    const spread = [0, 2, 50, 1500][i & 3] as number;
    values[i] = (words[2 * i]! / 4294967296 - 0.5) * spread;
  }
  special.forEach((value, i) => {
    values[i] = value;
  });
  return values;
}

test('WebAssembly gives the same bits on a million inputs', async () => {
  const { createCrew } = createNodeKernels({ threads: 1 });
  const count = 80_000;
  const crew = await createCrew!('exact-math', { initialPages: 16 + Math.ceil((count * 24) / 65536) });
  const order = Object.keys(exact) as Name[];
  const start = 1 << 20;
  const x = new Float64Array(crew.memory.buffer, start, count);
  const y = new Float64Array(crew.memory.buffer, start + 8 * count, count);
  const out = new Float64Array(crew.memory.buffer, start + 16 * count, count);
  x.set(manyInputs(count));
  for (let i = 0; i < count; i++) y[i] = x[(i * 7919) % count] as number;
  const ours = new Float64Array(count);
  order.forEach((name, place) => {
    crew.call('apply', place, x.byteOffset, y.byteOffset, out.byteOffset, count);
    let different = 0;
    for (let i = 0; i < count; i++) ours[i] = exact[name](x[i]!, y[i]!);
    const a = bitsOf(ours);
    const b = bitsOf(out);
    // What bits a NaN has is nowhere defined; that it is one, is.
    for (let i = 0; i < count; i++) if (a[i] !== b[i] && !(ours[i] !== ours[i] && out[i] !== out[i])) different++;
    expect(different, name).toBe(0);
  });
  crew.close();
  expect(order.length * count).toBeGreaterThan(1_000_000);
});
