import { bandNames } from '../cutoffs.ts';
import type { BatchScores } from './batch-model.ts';

const LF = 10;
const CR = 13;
const POINT = 46;
const APOSTROPHE = 39;
/** Room that the scores of one row take at most, the model's version aside. */
const roomPerRow = 128;
const bandBytes = bandNames.map((name) => new TextEncoder().encode(name));

/** Writes rows again as they stood in the input, with apostrophes where told and scores behind. */
export class RowWriter {
  private readonly bytes: Uint8Array;
  /** Three per row: its beginning, its end, and the end of its line. */
  private readonly rows: number[] = [];
  /** Ascending. */
  private readonly guards: number[] = [];
  private headerNames: readonly string[] | undefined;
  private headerTo = 0;
  private headerNext = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The piece begins with the file's header, which ends at `to`. */
  header(names: readonly string[], to: number, next: number): void {
    this.headerNames = names;
    this.headerTo = to;
    this.headerNext = next;
  }

  row(from: number, to: number, next: number): void {
    this.rows.push(from, to, next);
  }

  guard(at: number): void {
    this.guards.push(at);
  }

  write(scores: BatchScores, version: string, delimiter: number, decimal: number): Uint8Array<ArrayBuffer> {
    const { bytes, rows, guards } = this;
    const rowCount = rows.length / 3;
    const versionBytes = new TextEncoder().encode(version);
    const { propensity, band, probability, confidence, decile } = scores;
    const head = this.headerNames ? addedNames(this.headerNames, scores).join(String.fromCharCode(delimiter)) : '';
    const headBytes = new TextEncoder().encode(head);
    const out = new Uint8Array(
      bytes.length + guards.length + headBytes.length + 2 + rowCount * (roomPerRow + versionBytes.length),
    );
    let at = 0;
    let guard = 0;
    const copy = (from: number, to: number): void => {
      out.set(bytes.subarray(from, to), at);
      at += to - from;
    };
    const number = (value: number): void => {
      out[at++] = delimiter;
      if (value !== value) return;
      const text = String(value);
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        out[at++] = code === POINT ? decimal : code;
      }
    };
    const copyGuarded = (start: number, to: number): void => {
      let from = start;
      while (guard < guards.length && (guards[guard] as number) < to) {
        const place = guards[guard++] as number;
        copy(from, place);
        out[at++] = APOSTROPHE;
        from = place;
      }
      copy(from, to);
    };
    const endLine = (to: number, next: number): void => {
      if (next === to) out[at++] = LF;
      for (let i = endOfLine(bytes, to, next); i < next; i++) out[at++] = bytes[i] as number;
    };
    if (this.headerNames) {
      copyGuarded(0, this.headerTo);
      out[at++] = delimiter;
      out.set(headBytes, at);
      at += headBytes.length;
      endLine(this.headerTo, this.headerNext);
    }
    for (let row = 0; row < rowCount; row++) {
      const to = rows[3 * row + 1] as number;
      copyGuarded(rows[3 * row] as number, to);
      number(propensity[row] as number);
      out[at++] = delimiter;
      const name = bandBytes[band[row] as number] as Uint8Array;
      for (let i = 0; i < name.length; i++) out[at++] = name[i] as number;
      if (probability) number(probability[row] as number);
      if (confidence) number(confidence[row] as number);
      if (decile) number(decile[row] as number);
      out[at++] = delimiter;
      for (let i = 0; i < versionBytes.length; i++) out[at++] = versionBytes[i] as number;
      endLine(to, rows[3 * row + 2] as number);
    }
    return out.slice(0, at);
  }
}

/** Where the line's own end begins: rows may have lost empty cells before it. */
function endOfLine(bytes: Uint8Array, to: number, next: number): number {
  let from = next;
  while (from > to && (bytes[from - 1] === LF || bytes[from - 1] === CR)) from--;
  return from;
}

/** What scoring adds, in order: what the model cannot tell is left out, and a name that the input has gets another. */
function addedNames(header: readonly string[], { probability, confidence, decile }: BatchScores): string[] {
  const taken = new Set(header);
  const free = (name: string): string => (taken.has(name) ? free(`model_${name}`) : name);
  return [
    'propensity_score',
    'risk_category',
    ...(probability ? ['conversion_probability'] : []),
    ...(confidence ? ['confidence'] : []),
    ...(decile ? ['decile'] : []),
    'model_version',
  ].map(free);
}
