// The exact functions over arrays in memory, so that a test can hold them against the TypeScript twin.
import { cos, exp, expm1, log, log10, log1p, log2, logit, pow, sigmoid, sin, softplus, tanh } from './exact-math.part';

/** out[i] = f(x[i]) for i < count; f by its place in the test's list; pow takes its exponent from y[i]. */
export function apply(f: i32, x: usize, y: usize, out: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const at = usize(i) << 3;
    store<f64>(out + at, valueOf(f, load<f64>(x + at), load<f64>(y + at)));
  }
}

function valueOf(f: i32, x: f64, y: f64): f64 {
  switch (f) {
    case 0:
      return exp(x);
    case 1:
      return expm1(x);
    case 2:
      return log(x);
    case 3:
      return log1p(x);
    case 4:
      return log2(x);
    case 5:
      return log10(x);
    case 6:
      return pow(x, y);
    case 7:
      return sigmoid(x);
    case 8:
      return tanh(x);
    case 9:
      return softplus(x);
    case 10:
      return logit(x);
    case 11:
      return sin(x);
    default:
      return cos(x);
  }
}
