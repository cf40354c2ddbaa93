// Activations and their derivatives on four floats, from + − × ÷ alone, so that every engine gives the same bits. The twin
// is src/core/kernels/reference/dense-activation.ts: a change here is a change there. Imported by kernel modules.

export const relu: u32 = 0;
export const gelu: u32 = 1;
export const silu: u32 = 2;

/** e^x with a relative error below 2e-7 (Cephes' expf); x is held to −87 … 88. */
function exp(value: v128): v128 {
  const x = f32x4.pmin(f32x4.splat(88), f32x4.pmax(f32x4.splat(-87), value));
  const k = f32x4.floor(f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(0.5)));
  const high = f32x4.sub(x, f32x4.mul(k, f32x4.splat(0.693359375)));
  const r = f32x4.sub(high, f32x4.mul(k, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  const y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
  return f32x4.mul(y, power);
}

// @ts-ignore
@inline function logistic(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp(f32x4.neg(x))));
}

/** The normal distribution function by Abramowitz & Stegun 7.1.26 (error below 2e-7), given bell = e^(−x²/2). */
// @ts-ignore
@inline function normal(x: v128, bell: v128): v128 {
  const t = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(0.231641887), f32x4.abs(x))));
  let p = f32x4.splat(1.061405429);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.453152027));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.421413741));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.284496736));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.254829592));
  const tail = f32x4.mul(f32x4.splat(0.5), f32x4.mul(f32x4.mul(p, t), bell));
  return v128.bitselect(f32x4.sub(f32x4.splat(1), tail), tail, f32x4.gt(x, f32x4.splat(0)));
}

// @ts-ignore
@inline function bellOf(x: v128): v128 {
  return exp(f32x4.mul(f32x4.splat(-0.5), f32x4.mul(x, x)));
}

/** ReLU, GELU (x · Φ(x), Hendrycks & Gimpel 2016) or SiLU (x · σ(x), Elfwing et al. 2018). */
export function activated(kind: u32, x: v128): v128 {
  if (kind == relu) return f32x4.pmax(f32x4.splat(0), x);
  if (kind == gelu) return f32x4.mul(x, normal(x, bellOf(x)));
  return f32x4.mul(x, logistic(x));
}

/** The derivative of GELU or SiLU. */
export function derivative(kind: u32, x: v128): v128 {
  if (kind == gelu) {
    const bell = bellOf(x);
    return f32x4.add(normal(x, bell), f32x4.mul(x, f32x4.mul(f32x4.splat(0.398942280), bell)));
  }
  const s = logistic(x);
  return f32x4.mul(s, f32x4.add(f32x4.splat(1), f32x4.mul(x, f32x4.sub(f32x4.splat(1), s))));
}
