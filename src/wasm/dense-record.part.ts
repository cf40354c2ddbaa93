// Words of a layer's record, as src/core/kernels/dense.ts names them. Imported by kernel modules.

export const recordBytes: usize = 64;

// @ts-ignore
@inline export function inputsOf(layer: usize): u32 { return load<u32>(layer, 0); }
// @ts-ignore
@inline export function unitsOf(layer: usize): u32 { return load<u32>(layer, 4); }
// @ts-ignore
@inline export function modeOf(layer: usize): u32 { return load<u32>(layer, 8); }
// @ts-ignore
@inline export function weightsOf(layer: usize): usize { return load<u32>(layer, 12); }
// @ts-ignore
@inline export function transposedOf(layer: usize): usize { return load<u32>(layer, 16); }
// @ts-ignore
@inline export function firstMomentOf(layer: usize): usize { return load<u32>(layer, 20); }
// @ts-ignore
@inline export function secondMomentOf(layer: usize): usize { return load<u32>(layer, 24); }
// @ts-ignore
@inline export function gradientOf(layer: usize): usize { return load<u32>(layer, 28); }
// @ts-ignore
@inline export function inputOf(layer: usize): usize { return load<u32>(layer, 32); }
// @ts-ignore
@inline export function sumsOf(layer: usize): usize { return load<u32>(layer, 36); }
// @ts-ignore
@inline export function errorsOf(layer: usize): usize { return load<u32>(layer, 40); }
// @ts-ignore
@inline export function columnsOf(layer: usize): usize { return load<u32>(layer, 44); }
// @ts-ignore
@inline export function partialsOf(layer: usize): usize { return load<u32>(layer, 48); }
// @ts-ignore
@inline export function squaresOf(layer: usize): usize { return load<u32>(layer, 52); }
// @ts-ignore
@inline export function activationOf(layer: usize): u32 { return load<u32>(layer, 56); }
// @ts-ignore
@inline export function gatesOf(layer: usize): usize { return load<u32>(layer, 60); }

/** Bytes of a block of so many columns; and where the block-th begins. */
// @ts-ignore
@inline export function blockBytes(columns: u32): usize { return <usize>columns << 7; }
// @ts-ignore
@inline export function blockAt(columns: u32, block: u32): usize { return <usize>(block * columns) << 7; }
