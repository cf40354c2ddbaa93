// (func (result v128) i32.const 0 i8x16.splat), the smallest module that needs SIMD.
const simdProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);

/** Whether this host runs our kernels: WebAssembly with SIMD and shared memories. Without, the TypeScript twins work. */
export function supportsKernels(): boolean {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(simdProbe)) return false;
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer.byteLength > 0;
  } catch {
    return false;
  }
}
