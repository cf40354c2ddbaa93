// Elementary functions with the very bits of src/core/shared/exact-math.ts: the same operations in the same order.
// What they compute and how stands there; a change here is a change there. Imported by kernel modules.

// @ts-ignore: decorator
@inline
function highWord(x: f64): i32 {
  return i32(reinterpret<u64>(x) >> 32);
}

// @ts-ignore: decorator
@inline
function withHighWord(x: f64, high: i32): f64 {
  return reinterpret<f64>((u64(u32(high)) << 32) | (reinterpret<u64>(x) & 0xffffffff));
}

// @ts-ignore: decorator
@inline
function headOf(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) & 0xffffffff00000000);
}

// @ts-ignore: decorator
@inline
function powerOfTwo(exponent: i32): f64 {
  return reinterpret<f64>(u64(1023 + exponent) << 52);
}

function scale(x: f64, k: i32): f64 {
  if (k > 1023) return x * 2 * powerOfTwo(k - 1);
  if (k < -1021) return x * powerOfTwo(k + 1000) * powerOfTwo(-1000);
  return x * powerOfTwo(k);
}

const ln2High: f64 = 6.9314718036912381649e-1;
const ln2Low: f64 = 1.90821492927058770002e-10;
const inverseLn2: f64 = 1.442695040888963387;
const two54: f64 = 18014398509481984;

export function exp(x: f64): f64 {
  if (x != x) return NaN;
  if (x > 709.782712893383973096) return Infinity;
  if (x < -745.13321910194110842) return 0;
  const k = trunc<f64>(inverseLn2 * x + (x < 0 ? -0.5 : 0.5));
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const c = expRemainder(r);
  return scale(1 + ((r * c) / (2 - c) - low + high), i32(k));
}

function expRemainder(r: f64): f64 {
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

export function expm1(x: f64): f64 {
  if (x != x) return NaN;
  if (x > 709.782712893383973096) return Infinity;
  if (x < -38.816242) return -1;
  const size = abs<f64>(x);
  if (size < 5.551115123125783e-17) return x;
  let k: i32 = 0;
  let r = x;
  let c: f64 = 0;
  if (size > 0.34657359) {
    const rounded = trunc<f64>(inverseLn2 * x + (x < 0 ? -0.5 : 0.5));
    k = i32(rounded);
    const high = x - rounded * ln2High;
    const low = rounded * ln2Low;
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
  if (k == 0) return r - (r * e - z);
  e = r * (e - c) - c - z;
  if (k == -1) return 0.5 * (r - e) - 0.5;
  if (k == 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e);
  if (k > 56) return scale(r - e + 1, k) - 1;
  if (k < 0) return (r - e + 1) * powerOfTwo(k) - 1;
  const u = powerOfTwo(-k);
  return (k < 20 ? r - e + (1 - u) : r - (e + u) + 1) * powerOfTwo(k);
}

function logRemainder(s: f64): f64 {
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  return odd + even;
}

function nearestExponent(high: i32): i32 {
  return ((high + 0x95f62) >> 20) - 1023;
}

function nearestMantissa(x: f64, high: i32): f64 {
  return withHighWord(x, ((high + 0x95f62) & 0xfffff) + 0x3fe6a09e);
}

export function log(x: f64): f64 {
  if (x != x || x < 0) return NaN;
  if (x == 0) return -Infinity;
  if (x == Infinity) return x;
  const subnormal = x < 2.2250738585072014e-308;
  const y = subnormal ? x * two54 : x;
  const high = highWord(y);
  const k = nearestExponent(high) - (subnormal ? 54 : 0);
  const f = nearestMantissa(y, high) - 1;
  const square = 0.5 * f * f;
  const s = f / (2 + f);
  return s * (square + logRemainder(s)) + f64(k) * ln2Low - square + f + f64(k) * ln2High;
}

export function log1p(x: f64): f64 {
  if (x != x || x < -1) return NaN;
  if (x == -1) return -Infinity;
  if (x == Infinity || abs<f64>(x) < 1.1102230246251565e-16) return x;
  let k: i32 = 0;
  let c: f64 = 0;
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
  return s * (square + logRemainder(s)) + (f64(k) * ln2Low + c) - square + f + f64(k) * ln2High;
}

function logToBase(x: f64, high: f64, low: f64, scaleHigh: f64, scaleLow: f64): f64 {
  if (x != x || x < 0) return NaN;
  if (x == 0) return -Infinity;
  if (x == Infinity) return x;
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
  const whole = f64(k) * scaleHigh;
  const sum = whole + first;
  return f64(k) * scaleLow + (tail + head) * low + tail * high + (whole - sum + first) + sum;
}

export function log2(x: f64): f64 {
  return logToBase(x, 1.44269504072144627571, 1.67517131648865118353e-10, 1, 0);
}

export function log10(x: f64): f64 {
  return logToBase(
    x,
    4.34294481878168880939e-1,
    2.50829467116452752298e-11,
    3.01029995663611771306e-1,
    3.69423907715893078616e-13,
  );
}

export function pow(x: f64, y: f64): f64 {
  if (y == 0) return 1;
  if (x != x || y != y) return NaN;
  const size = abs<f64>(x);
  const odd = abs<f64>(y) < 9007199254740992 && trunc<f64>(y) == y && trunc<f64>(y / 2) * 2 != y;
  if (abs<f64>(y) == Infinity) {
    if (size == 1) return NaN;
    return size > 1 == y > 0 ? Infinity : 0.0;
  }
  if (size == 0 || size == Infinity) {
    const result = (size == 0) == y > 0 ? 0.0 : Infinity;
    return odd && (x < 0 || 1 / x < 0) ? -result : result;
  }
  if (x < 0 && trunc<f64>(y) != y) return NaN;
  const result = positivePower(size, y);
  return x < 0 && odd ? -result : result;
}

function positivePower(x: f64, y: f64): f64 {
  // Correctly rounded where one operation does it.
  if (x == 1 || y == 1) return x;
  if (y == 2) return x * x;
  if (y == 0.5) return sqrt<f64>(x);
  if (y == -1) return 1 / x;
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
  const base = near ? 1.5 : 1.0;
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
    -7.02846165095275826516e-9 * pHead + pTail * 9.61796693925975554329e-1 + (near ? 1.35003920212974897128e-8 : 0.0);
  const baseLog = near ? 5.84962487220764160156e-1 : 0.0;
  const logHead = headOf(zHead + zTail + baseLog + f64(n));
  const logTail = zTail - (logHead - f64(n) - baseLog - zHead);
  return powerOfSum(y, logHead, logTail);
}

function powerOfSum(y: f64, head: f64, tail: f64): f64 {
  const rough = y * head;
  if (rough > 1100) return Infinity;
  if (rough < -1200) return 0;
  const yHead = headOf(y);
  const low = (y - yHead) * head + y * tail;
  const high = yHead * head;
  const exponent = low + high;
  if (exponent >= 1024 && (exponent > 1024 || low + 8.0085662595372944372e-17 > exponent - high)) {
    return Infinity;
  }
  if (exponent <= -1075 && (exponent < -1075 || low <= exponent - high)) return 0;
  const n = abs<f64>(exponent) <= 0.5 ? 0.0 : trunc<f64>(exponent + (exponent < 0 ? -0.5 : 0.5));
  const rest = high - n;
  const t = headOf(low + rest);
  const u = t * 6.93147182464599609375e-1;
  const v = (low - (t - rest)) * 6.93147180559945286227e-1 + t * -1.90465429995776804525e-9;
  const z = u + v;
  const w = v - (z - u);
  const c = expRemainder(z);
  return scale(1 - ((z * c) / (c - 2) - (w + z * w) - z), i32(n));
}

export function sigmoid(x: f64): f64 {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

export function softplus(x: f64): f64 {
  return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

export function logit(p: f64): f64 {
  if (p > 0.25 && p < 0.75) return log1p((2 * p - 1) / (1 - p));
  if (p == 1) return Infinity;
  return log(p / (1 - p));
}

export function tanh(x: f64): f64 {
  const size = abs<f64>(x);
  if (size < 3.7252902984619140625e-9) return x;
  let result: f64 = 1;
  if (size <= 20) {
    const t = expm1(size > 0.2554128118829953416 ? 2 * size : -2 * size);
    if (size > 0.549306144334054845698) result = 1 - 2 / (t + 2);
    else result = (size > 0.2554128118829953416 ? t : -t) / (t + 2);
  }
  if (x != x) return NaN;
  return x < 0 ? -result : result;
}

function sineKernel(y: f64, tail: f64): f64 {
  const z = y * y;
  const w = z * z;
  const r =
    8.33333333332248946124e-3 +
    z * (-1.98412698298579493134e-4 + z * 2.75573137070700676789e-6) +
    z * w * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10);
  const v = z * y;
  return y - (z * (0.5 * tail - v * r) - tail - v * -1.66666666666666324348e-1);
}

function cosineKernel(y: f64, tail: f64): f64 {
  const z = y * y;
  const w = z * z;
  const r =
    z * (4.16666666666666019037e-2 + z * (-1.38888888888741095749e-3 + z * 2.48015872894767294178e-5)) +
    w * w * (-2.75573143513906633035e-7 + z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11));
  const half = 0.5 * z;
  const first = 1 - half;
  return first + (1 - first - half + (z * r - y * tail));
}

function sineOfTurned(x: f64, turns: i32): f64 {
  const n = trunc<f64>(x * 6.36619772367581382433e-1 + (x < 0 ? -0.5 : 0.5));
  let r = x - n * 1.57079632673412561417;
  let w = n * 6.07710050650619224932e-11;
  let y = r - w;
  if (abs<f64>(y) < abs<f64>(x) * 1.52587890625e-5) {
    let t = r;
    w = n * 6.0771005063039659766e-11;
    r = t - w;
    w = n * 2.02226624879595063154e-21 - (t - r - w);
    y = r - w;
    if (abs<f64>(y) < abs<f64>(x) * 1.7763568394002505e-15) {
      t = r;
      w = n * 2.0222662487111664558e-21;
      r = t - w;
      w = n * 8.47842766036889956997e-32 - (t - r - w);
      y = r - w;
    }
  }
  const tail = r - y - w;
  const quadrant = (i32(n) + turns) & 3;
  const size = (quadrant & 1) == 0 ? sineKernel(y, tail) : cosineKernel(y, tail);
  return quadrant > 1 ? -size : size;
}

export function sin(x: f64): f64 {
  if (abs<f64>(x) < 7.450580596923828e-9) return x;
  return abs<f64>(x) <= 1647099 ? sineOfTurned(x, 0) : NaN;
}

export function cos(x: f64): f64 {
  return abs<f64>(x) <= 1647099 ? sineOfTurned(x, 1) : NaN;
}
