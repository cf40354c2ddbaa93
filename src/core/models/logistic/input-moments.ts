import type { Frame } from '../../data/frame.ts';
import type { Encoding } from '../encoding.ts';
import { createEncoder } from '../encoding.ts';

/** Mean and (population) standard deviation of each input over the rows; `breathe` is awaited every few milliseconds. */
export async function inputMoments(
  encoding: Encoding,
  features: Frame,
  rows: Uint32Array,
  breathe: () => Promise<void>,
): Promise<{ readonly inputMeans: Float64Array; readonly inputScales: Float64Array }> {
  const encoder = createEncoder(encoding, features);
  const sums = new Float64Array(encoding.width);
  const squares = new Float64Array(encoding.width);
  const chunk = 1024;
  const inputs = new Float64Array(encoding.width * chunk);
  for (let from = 0; from < rows.length; from += chunk) {
    const count = Math.min(chunk, rows.length - from);
    encoder.encode(rows, from, from + count, inputs, 1, chunk);
    for (let j = 0; j < encoding.width; j++) addSums(inputs.subarray(j * chunk, j * chunk + count), j, sums, squares);
    if ((from / chunk) % 16 === 15) await breathe();
  }
  const inputMeans = sums.map((sum) => sum / rows.length);
  const inputScales = squares.map((square, j) => {
    const mean = inputMeans[j] as number;
    return Math.sqrt(Math.max(0, square / rows.length - mean * mean));
  });
  return { inputMeans, inputScales };
}

function addSums(values: Float64Array, j: number, sums: Float64Array, squares: Float64Array): void {
  let sum = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    sum += value;
    square += value * value;
  }
  sums[j] = (sums[j] as number) + sum;
  squares[j] = (squares[j] as number) + square;
}
