/** Columns of a panel: two vectors of four. */
const panelColumns = 8;

/** Widths in memory, rounded up to whole panels. */
export const paddedWidth = (width: number) => Math.ceil(width / panelColumns) * panelColumns;

/** Floats of a matrix rows × columns in panels of 8 columns. */
export const panelledLength = (rows: number, columns: number) => paddedWidth(rows) * paddedWidth(columns);

/** Writes a matrix (row after row) into panels of 8 columns, its rows padded to a multiple of 8; the padding is left. */
export function toPanels(values: Float32Array, rows: number, columns: number, out: Float32Array): void {
  const stride = panelColumns * paddedWidth(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      out[(j >> 3) * stride + i * panelColumns + (j & 7)] = values[i * columns + j] as number;
    }
  }
}

/** The matrix that `toPanels` wrote. */
export function fromPanels(panels: Float32Array, rows: number, columns: number): Float32Array {
  const stride = panelColumns * paddedWidth(rows);
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      values[i * columns + j] = panels[(j >> 3) * stride + i * panelColumns + (j & 7)] as number;
    }
  }
  return values;
}

/** Columns for rows. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j] as number;
  }
  return out;
}
