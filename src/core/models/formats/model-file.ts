/** Bytes that `modelFileKind` looks at. */
export const modelFileStart = 160;

/**
 * Whose model a file is, by how it begins: LightGBM's text with the word "tree", where a table of customers would be a poor
 * one; a network's zip with a first file (named from byte 30 on) that tfjs writes.
 */
export function modelFileKind(bytes: Uint8Array): 'lightgbm' | 'tfjs' | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, modelFileStart));
  if (/^tree\r?\n/.test(start)) return 'lightgbm';
  return /^PK.{28}([^/]{1,60}\/)?(model\.json|weights\.bin|group1-shard)/s.test(start) ? 'tfjs' : undefined;
}
