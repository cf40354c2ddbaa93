/** Cells of many rows: cell c of row r is bytes[starts[r × width + c] … ends[r × width + c]). */
export interface CellBatch {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly width: number;
  readonly rowCount: number;
  /** The row in the file, 1-based, the header being row 1. */
  readonly fileRows: Int32Array;
}

const missingMarkers = new Set(
  ['-', '?', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NaT', 'NULL', 'Null', 'null', 'None', '#N/A', '<NA>'].map((marker) =>
    pack(marker),
  ),
);

/** Whether the trimmed cell says that nothing is known: empty, NA, N/A, NaN, null, None, -, ?, and their usual spellings. */
export function isMissing(bytes: Uint8Array, from: number, to: number): boolean {
  if (from >= to) return true;
  if (to - from > 4) return false;
  let packed = 0;
  for (let at = from; at < to; at++) packed = packed * 256 + (bytes[at] as number);
  return missingMarkers.has(packed);
}

/** Whether the text says that nothing is known. */
export function isMissingText(text: string): boolean {
  const trimmed = text.trim();
  return trimmed === '' || (trimmed.length <= 4 && missingMarkers.has(pack(trimmed)));
}

/** Spaces and tabs around a value are no part of it. */
export function trimStart(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] as number) <= 32) at++;
  return at;
}

export function trimEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && (bytes[at - 1] as number) <= 32) at--;
  return at;
}

const decoder = new TextDecoder();

export function cellText(bytes: Uint8Array, from: number, to: number): string {
  return decoder.decode(bytes.slice(from, to));
}

function pack(marker: string): number {
  let packed = 0;
  for (let i = 0; i < marker.length; i++) packed = packed * 256 + marker.charCodeAt(i);
  return packed;
}
