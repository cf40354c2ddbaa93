/** Compiles the kernels that are older than their sources. */
export function buildWasm(): Promise<void>;
