/**
 * Elementary functions from + − × ÷ (and √, which is exact) only, so that every engine gives the same bits: engines
 * disagree on the last bits of their own. Methods after Sun's fdlibm: reduce the argument, a minimax polynomial, scale
 * back. Errors stay below 1 ulp for exp, expm1, log, log1p, log2, log10, pow, sin and cos, and below 3 ulp for sigmoid,
 * tanh, softplus and logit. The twin for kernels is src/wasm/exact-math.part.ts: a change here is a change there,
 * operation by operation.
 */

// Bits of a double through memory: word 1 is the high one (every host of ours is little-endian).
const cell = new Float64Array(1);
const words = new Int32Array(cell.buffer);

function highWord(x: number): number {
  cell[0] = x;
  return words[1] as number;
}

function withHighWord(x: number, high: number): number {
  cell[0] = x;
  words[1] = high;
  return cell[0] as number;
}

/** The leading 21 bits of the mantissa: short enough that products of two are exact. */
function headOf(x: number): number {
  cell[0] = x;
  words[0] = 0;
  return cell[0] as number;
}

function powerOfTwo(exponent: number): number {
  words[0] = 0;
  words[1] = (1023 + exponent) << 20;
  return cell[0] as number;
}

/** x · 2^k for 0.5 ≤ |x| ≤ 2 and any k that fits the double range, subnormal results included. */
function scale(x: number, k: number): number {
  if (k > 1023) return x * 2 * powerOfTwo(k - 1);
  if (k < -1021) return x * powerOfTwo(k + 1000) * powerOfTwo(-1000);
  return x * powerOfTwo(k);
}

const ln2High = 6.9314718036912381649e-1;
const ln2Low = 1.90821492927058770002e-10;
const inverseLn2 = Math.LOG2E;
const two54 = 18014398509481984;

/** e^x. */
export function exp(x: number): number {
  if (x !== x) return Number.NaN;
  if (x > 709.782712893383973096) return Number.POSITIVE_INFINITY;
  if (x < -745.13321910194110842) return 0;
  const k = Math.trunc(inverseLn2 * x + (x < 0 ? -0.5 : 0.5));
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const c = expRemainder(r);
  return scale(1 + ((r * c) / (2 - c) - low + high), k);
}

/** r − r²·P(r²) with e^r = 1 + r + r·c/(2 − c), |r| ≤ ln 2 / 2. */
function expRemainder(r: number): number {
  const z = r * r;
  return (
    r -
    z *
      (1.66666666666666019037e-1 +
        z *
          (-2.77777777770155933842e-3 +
            z * (6.61375632143793436117e-5 + z * (-1.6533902205465251539e-6 + z * 4.13813679705723846039e-8))))
  );
}

/** e^x − 1, exact for small x. */
export function expm1(x: number): number {
  if (x !== x) return Number.NaN;
  if (x > 709.782712893383973096) return Number.POSITIVE_INFINITY;
  if (x < -38.816242) return -1;
  const size = Math.abs(x);
  if (size < 5.551115123125783e-17) return x;
  let k = 0;
  let r = x;
  let c = 0;
  if (size > 0.34657359) {
    k = Math.trunc(inverseLn2 * x + (x < 0 ? -0.5 : 0.5));
    const high = x - k * ln2High;
    const low = k * ln2Low;
    r = high - low;
    c = high - r - low;
  }
  const half = 0.5 * r;
  const z = r * half;
  const r1 =
    1 +
    z *
      (-3.33333333333331316428e-2 +
        z *
          (1.58730158725481460165e-3 +
            z * (-7.93650757867487942473e-5 + z * (4.00821782732936239552e-6 + z * -2.01099218183624371326e-7))));
  const t = 3 - r1 * half;
  let e = z * ((r1 - t) / (6 - r * t));
  if (k === 0) return r - (r * e - z);
  e = r * (e - c) - c - z;
  if (k === -1) return 0.5 * (r - e) - 0.5;
  if (k === 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e);
  if (k > 56) return scale(r - e + 1, k) - 1;
  if (k < 0) return (r - e + 1) * powerOfTwo(k) - 1;
  const u = powerOfTwo(-k);
  return (k < 20 ? r - e + (1 - u) : r - (e + u) + 1) * powerOfTwo(k);
}

/** With s = f/(2 + f): log(1 + f) = f − f²/2 + s·(f²/2 + R(s²)). This is R. */
function logRemainder(s: number): number {
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  return odd + even;
}

/** The exponent k with x = 2^k·m, √½ ≤ m < √2, from the high word of a normal x. */
function nearestExponent(high: number): number {
  return ((high + 0x95f62) >> 20) - 1023;
}

/** m of x = 2^k·m, √½ ≤ m < √2, of a normal x. */
function nearestMantissa(x: number, high: number): number {
  return withHighWord(x, ((high + 0x95f62) & 0xfffff) + 0x3fe6a09e);
}

/** Natural logarithm: −∞ at ±0, NaN below. */
export function log(x: number): number {
  if (x !== x || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  const subnormal = x < 2.2250738585072014e-308;
  const y = subnormal ? x * two54 : x;
  const high = highWord(y);
  const k = nearestExponent(high) - (subnormal ? 54 : 0);
  const f = nearestMantissa(y, high) - 1;
  const square = 0.5 * f * f;
  const s = f / (2 + f);
  return s * (square + logRemainder(s)) + k * ln2Low - square + f + k * ln2High;
}

/** log(1 + x), exact for small x. */
export function log1p(x: number): number {
  if (x !== x || x < -1) return Number.NaN;
  if (x === -1) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY || Math.abs(x) < 1.1102230246251565e-16) return x;
  let k = 0;
  let c = 0;
  let f = x;
  if (x < -0.29289 || x > 0.41421) {
    const u = 1 + x;
    const high = highWord(u);
    k = nearestExponent(high);
    // What 1 + x lost in rounding.
    if (k < 54) c = (k >= 2 ? 1 - (u - x) : x - (u - 1)) / u;
    f = nearestMantissa(u, high) - 1;
  }
  const square = 0.5 * f * f;
  const s = f / (2 + f);
  return s * (square + logRemainder(s)) + (k * ln2Low + c) - square + f + k * ln2High;
}

/** log(x)·(high + low) + k·(scaleHigh + scaleLow) in about 70 bits, for logarithms of other bases. */
function logToBase(x: number, high: number, low: number, scaleHigh: number, scaleLow: number): number {
  if (x !== x || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  const subnormal = x < 2.2250738585072014e-308;
  const y = subnormal ? x * two54 : x;
  const word = highWord(y);
  const k = nearestExponent(word) - (subnormal ? 54 : 0);
  const f = nearestMantissa(y, word) - 1;
  const square = 0.5 * f * f;
  const s = f / (2 + f);
  const head = headOf(f - square);
  const tail = f - head - square + s * (square + logRemainder(s));
  const first = head * high;
  const whole = k * scaleHigh;
  const sum = whole + first;
  return k * scaleLow + (tail + head) * low + tail * high + (whole - sum + first) + sum;
}

/** Logarithm to base 2: exact at powers of two. */
export function log2(x: number): number {
  return logToBase(x, 1.44269504072144627571, 1.67517131648865118353e-10, 1, 0);
}

/** Logarithm to base 10. */
export function log10(x: number): number {
  return logToBase(
    x,
    4.34294481878168880939e-1,
    2.50829467116452752298e-11,
    3.01029995663611771306e-1,
    3.69423907715893078616e-13,
  );
}

/** x^y; special cases as ECMAScript's ** (x^0 = 1 even for NaN; (±1)^±∞ and 1^NaN are NaN). */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x !== x || y !== y) return Number.NaN;
  const size = Math.abs(x);
  const odd = Math.abs(y) < 9007199254740992 && Math.trunc(y) === y && Math.trunc(y / 2) * 2 !== y;
  if (Math.abs(y) === Number.POSITIVE_INFINITY) {
    if (size === 1) return Number.NaN;
    return size > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  if (size === 0 || size === Number.POSITIVE_INFINITY) {
    const result = (size === 0) === y > 0 ? 0 : Number.POSITIVE_INFINITY;
    return odd && (x < 0 || 1 / x < 0) ? -result : result;
  }
  if (x < 0 && Math.trunc(y) !== y) return Number.NaN;
  const result = positivePower(size, y);
  return x < 0 && odd ? -result : result;
}

/** 2^(y·log2 x) for finite x > 0 and finite y, the logarithm carried as head + tail. */
function positivePower(x: number, y: number): number {
  // Correctly rounded where one operation does it.
  if (x === 1 || y === 1) return x;
  if (y === 2) return x * x;
  if (y === 0.5) return Math.sqrt(x);
  if (y === -1) return 1 / x;
  const subnormal = x < 2.2250738585072014e-308;
  const scaled = subnormal ? x * two54 : x;
  const word = highWord(scaled);
  let n = (word >> 20) - 1023 - (subnormal ? 54 : 0);
  const bits = word & 0xfffff;
  // The mantissa is taken near 1 or near 1.5.
  const near = bits > 0x3988e && bits < 0xbb67a;
  if (bits >= 0xbb67a) n++;
  const high = bits >= 0xbb67a ? bits | 0x3fe00000 : bits | 0x3ff00000;
  const m = withHighWord(scaled, high);
  const base = near ? 1.5 : 1;
  // s = (m − base)/(m + base) as head + tail.
  const difference = m - base;
  const reciprocal = 1 / (m + base);
  const s = difference * reciprocal;
  const sHead = headOf(s);
  const sumHead = headOf(m + base);
  const sumTail = m - (sumHead - base);
  const sTail = reciprocal * (difference - sHead * sumHead - sHead * sumTail);
  const z = s * s;
  const r =
    z *
      z *
      (5.99999999999994648725e-1 +
        z *
          (4.28571428578550184252e-1 +
            z *
              (3.33333329818377432918e-1 +
                z * (2.72728123808534006489e-1 + z * (2.30660745775561754067e-1 + z * 2.06975017800338417784e-1))))) +
    sTail * (sHead + s);
  const headSquare = sHead * sHead;
  const tHead = headOf(3 + headSquare + r);
  const tTail = r - (tHead - 3 - headSquare);
  const u = sHead * tHead;
  const v = sTail * tHead + tTail * s;
  // log2 = 2/(3 ln 2)·(u + v), plus log2 of the base, plus n.
  const pHead = headOf(u + v);
  const pTail = v - (pHead - u);
  const zHead = 9.61796700954437255859e-1 * pHead;
  const zTail =
    -7.02846165095275826516e-9 * pHead + pTail * 9.61796693925975554329e-1 + (near ? 1.35003920212974897128e-8 : 0);
  const baseLog = near ? 5.84962487220764160156e-1 : 0;
  const logHead = headOf(zHead + zTail + baseLog + n);
  const logTail = zTail - (logHead - n - baseLog - zHead);
  return powerOfSum(y, logHead, logTail);
}

/** 2^(y·(head + tail)), y finite, head of at most 21 bits. */
function powerOfSum(y: number, head: number, tail: number): number {
  const rough = y * head;
  if (rough > 1100) return Number.POSITIVE_INFINITY;
  if (rough < -1200) return 0;
  const yHead = headOf(y);
  const low = (y - yHead) * head + y * tail;
  const high = yHead * head;
  const exponent = low + high;
  if (exponent >= 1024 && (exponent > 1024 || low + 8.008566259537294e-17 > exponent - high)) {
    return Number.POSITIVE_INFINITY;
  }
  if (exponent <= -1075 && (exponent < -1075 || low <= exponent - high)) return 0;
  const n = Math.abs(exponent) <= 0.5 ? 0 : Math.trunc(exponent + (exponent < 0 ? -0.5 : 0.5));
  const rest = high - n;
  const t = headOf(low + rest);
  const u = t * 6.93147182464599609375e-1;
  const v = (low - (t - rest)) * Math.LN2 + t * -1.90465429995776804525e-9;
  const z = u + v;
  const w = v - (z - u);
  const c = expRemainder(z);
  return scale(1 - ((z * c) / (c - 2) - (w + z * w) - z), n);
}

/** The logistic function 1/(1 + e^−x). */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

/** log(1 + e^x), without overflow: the log-loss of a raw score. */
export function softplus(x: number): number {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/** log(p/(1 − p)) for 0 ≤ p ≤ 1, else NaN. */
export function logit(p: number): number {
  if (p > 0.25 && p < 0.75) return log1p((2 * p - 1) / (1 - p));
  if (p === 1) return Number.POSITIVE_INFINITY;
  return log(p / (1 - p));
}

/** Hyperbolic tangent. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 3.7252902984619140625e-9) return x;
  let result = 1;
  if (size <= 20) {
    const t = expm1(size > 0.25541281188299536 ? 2 * size : -2 * size);
    if (size > 0.5493061443340549) result = 1 - 2 / (t + 2);
    else result = (size > 0.25541281188299536 ? t : -t) / (t + 2);
  }
  if (x !== x) return Number.NaN;
  return x < 0 ? -result : result;
}

/** sin of y + tail, |y| ≤ π/4. */
function sineKernel(y: number, tail: number): number {
  const z = y * y;
  const w = z * z;
  const r =
    8.33333333332248946124e-3 +
    z * (-1.98412698298579493134e-4 + z * 2.75573137070700676789e-6) +
    z * w * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10);
  const v = z * y;
  return y - (z * (0.5 * tail - v * r) - tail - v * -1.66666666666666324348e-1);
}

/** cos of y + tail, |y| ≤ π/4. */
function cosineKernel(y: number, tail: number): number {
  const z = y * y;
  const w = z * z;
  const r =
    z * (4.16666666666666019037e-2 + z * (-1.38888888888741095749e-3 + z * 2.48015872894767294178e-5)) +
    w * w * (-2.75573143513906633035e-7 + z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11));
  const half = 0.5 * z;
  const first = 1 - half;
  return first + (1 - first - half + (z * r - y * tail));
}

/** sin(x + turns·π/2), x reduced by multiples of π/2 kept in three pieces. */
function sineOfTurned(x: number, turns: number): number {
  const n = Math.trunc(x * 6.36619772367581382433e-1 + (x < 0 ? -0.5 : 0.5));
  let r = x - n * 1.57079632673412561417;
  let w = n * 6.07710050650619224932e-11;
  let y = r - w;
  if (Math.abs(y) < Math.abs(x) * 1.52587890625e-5) {
    let t = r;
    w = n * 6.0771005063039659766e-11;
    r = t - w;
    w = n * 2.02226624879595063154e-21 - (t - r - w);
    y = r - w;
    if (Math.abs(y) < Math.abs(x) * 1.7763568394002505e-15) {
      t = r;
      w = n * 2.0222662487111664558e-21;
      r = t - w;
      w = n * 8.47842766036889956997e-32 - (t - r - w);
      y = r - w;
    }
  }
  const tail = r - y - w;
  const quadrant = (n + turns) & 3;
  const size = (quadrant & 1) === 0 ? sineKernel(y, tail) : cosineKernel(y, tail);
  return quadrant > 1 ? -size : size;
}

/** Sine of x radians; NaN beyond |x| = 1,647,099 (2^20·π/2), where three pieces of π no longer reach. */
export function sin(x: number): number {
  if (Math.abs(x) < 7.450580596923828e-9) return x;
  return Math.abs(x) <= 1647099 ? sineOfTurned(x, 0) : Number.NaN;
}

/** Cosine of x radians; NaN beyond |x| = 1,647,099. */
export function cos(x: number): number {
  return Math.abs(x) <= 1647099 ? sineOfTurned(x, 1) : Number.NaN;
}
