// How the boosting kernel reads its header; the layout is in src/core/kernels/boosting-layout.ts.

export const columnBytes: usize = 2048; // 256 cells
export const wideScratch: usize = 8192; // in the scratch, what bins of a wide column need
export const recordShift: usize = 5; // of a feature's record

// @ts-ignore: decorator
@inline export function word(header: usize, index: usize): u32 {
  return load<u32>(header + (index << 2));
}
// @ts-ignore: decorator
@inline export function real(header: usize, index: usize): f64 {
  return load<f64>(header + 128 + (index << 3));
}
