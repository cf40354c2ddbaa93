const QUOTE = 34;
const LF = 10;
const CR = 13;

/** Widest table the reader takes. */
export const maxColumns = 10_000;
/** Longest cell the reader takes, in bytes: what is longer is an unclosed quote or no table. */
export const maxCellBytes = 1 << 20;

export type ScanStop = 'record' | 'incomplete' | 'unterminated' | 'nul' | 'cell-too-long';

/**
 * Finds the cells of one record (RFC 4180; line ends CR, LF and CRLF in any mixture). Cell k of the record lies at
 * bytes[starts[base + k] … ends[base + k]). A quote inside an unquoted cell, or one inside a quoted cell that neither is
 * doubled nor ends it, is an ordinary character. `bytes` must have one byte more than `length`: the scan's sentinel.
 */
export class RecordScanner {
  /** Where the next record begins, after a stop of 'record'. */
  next = 0;
  cellCount = 0;
  /** Line ends inside quoted cells of this record. */
  innerLines = 0;
  /** Quotes that were neither doubled nor closing. */
  strayQuotes = 0;
  /** Whether every cell is empty. */
  blank = false;
  private readonly special = new Uint8Array(256);
  private readonly delimiter: number;

  constructor(delimiter: number) {
    this.delimiter = delimiter;
    for (const byte of [delimiter, LF, CR, 0]) this.special[byte] = 1;
  }

  scan(
    bytes: Uint8Array,
    from: number,
    length: number,
    last: boolean,
    starts: Int32Array,
    ends: Int32Array,
    base: number,
  ): ScanStop {
    const { special, delimiter } = this;
    bytes[length] = LF;
    let at = from;
    let cell = base;
    let empty = true;
    const doubledCells: number[] = [];
    this.innerLines = 0;
    this.strayQuotes = 0;
    for (;;) {
      let start = at;
      let end: number;
      if (bytes[at] === QUOTE && at < length) {
        start = at + 1;
        const stop = this.closeQuote(bytes, start, length, last);
        if (stop < 0) {
          if (length - start > maxCellBytes || (stop === -1 && last)) return 'unterminated';
          return stop === -2 ? this.stopAtNul(cell - base) : 'incomplete';
        }
        end = this.quotedEnd;
        at = stop;
        if (this.doubled) doubledCells.push(cell);
        empty = false;
      } else {
        while (special[bytes[at] as number] === 0) at++;
        end = at;
        if (end > start) empty = false;
      }
      if (end - start > maxCellBytes) return 'cell-too-long';
      starts[cell] = start;
      ends[cell] = end;
      cell++;
      const stopper = bytes[at];
      if (at >= length) {
        if (!last) return 'incomplete';
        this.next = length;
        break;
      }
      if (stopper === delimiter) {
        at++;
        continue;
      }
      if (stopper === LF) {
        this.next = at + 1;
        break;
      }
      if (stopper === CR) {
        // Whether a line feed belongs to it cannot be known before the next byte is here.
        if (at + 1 >= length && !last) return 'incomplete';
        this.next = at + 1 < length && bytes[at + 1] === LF ? at + 2 : at + 1;
        break;
      }
      return this.stopAtNul(cell - 1 - base);
    }
    // Only now that the record is whole: one that is scanned again must find its bytes unchanged.
    for (const each of doubledCells) ends[each] = undoubleQuotes(bytes, starts[each] as number, ends[each] as number);
    this.cellCount = cell - base;
    this.blank = empty;
    return 'record';
  }

  private quotedEnd = 0;
  private doubled = false;

  /** Where the scan goes on after the quoted cell (its text ends at `quotedEnd`); -1 no closing quote yet, -2 NUL. */
  private closeQuote(bytes: Uint8Array, from: number, length: number, last: boolean): number {
    let at = from;
    let doubled = 0;
    for (;;) {
      let byte: number;
      while ((byte = bytes[at] as number) !== QUOTE && byte > CR) at++;
      if (at >= length) return -1;
      if (byte === 0) {
        this.next = at;
        return -2;
      }
      if (byte !== QUOTE) {
        if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) this.innerLines++;
        at++;
        continue;
      }
      if (at + 1 < length && bytes[at + 1] === QUOTE) {
        doubled++;
        at += 2;
        continue;
      }
      let after = at + 1;
      while (after < length && bytes[after] === 32) after++;
      if (after >= length && !last) return -3;
      const stopper = bytes[after];
      if (after >= length || stopper === this.delimiter || stopper === LF || stopper === CR) {
        this.quotedEnd = at;
        this.doubled = doubled > 0;
        return after;
      }
      this.strayQuotes++;
      at++;
    }
  }

  private stopAtNul(cell: number): ScanStop {
    this.cellCount = cell + 1;
    return 'nul';
  }
}

/** Turns doubled quotes of bytes[from … to) into single ones, in place; returns the new end. */
function undoubleQuotes(bytes: Uint8Array, from: number, to: number): number {
  let into = from;
  for (let at = from; at < to; at++) {
    bytes[into++] = bytes[at] as number;
    if (bytes[at] === QUOTE && bytes[at + 1] === QUOTE && at + 1 < to) at++;
  }
  return into;
}
