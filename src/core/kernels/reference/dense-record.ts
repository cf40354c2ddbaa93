import { blockRows, panelFloats } from './dense-blocks.ts';

export const recordBytes = 64;

/** Offsets in floats, counts as they are. */
export interface Layer {
  readonly inputs: number;
  readonly units: number;
  readonly mode: number;
  readonly weights: number;
  readonly transposed: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
  readonly gradient: number;
  readonly input: number;
  readonly sums: number;
  readonly errors: number;
  readonly columns: number;
  readonly partials: number;
  readonly squares: number;
  readonly activation: number;
  readonly gates: number;
}

/** The record at this byte offset. */
export function readLayer(words: Uint32Array, record: number): Layer {
  const word = (index: number) => words[(record >>> 2) + index] as number;
  const at = (index: number) => word(index) >>> 2;
  return {
    inputs: word(0),
    units: word(1),
    mode: word(2),
    weights: at(3),
    transposed: at(4),
    firstMoment: at(5),
    secondMoment: at(6),
    gradient: at(7),
    input: at(8),
    sums: at(9),
    errors: at(10),
    columns: at(11),
    partials: at(12),
    squares: at(13),
    activation: word(14),
    gates: at(15),
  };
}

/** Where column j of a block begins, and how far the next block is. */
export const columnAt = (j: number) => (j >> 3) * panelFloats + (j & 7);
export const blockFloats = (columns: number) => columns * blockRows;
