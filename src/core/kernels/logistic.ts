/** Rows of a block; the last one is filled up with rows of weight 0. */
export const blockRows = 512;

/**
 * The sums of logistic regression over blocks of rows, on one block of memory; addresses are in bytes. A block holds its
 * rows by column: input j of row i stands at 8·(j·blockRows + i). `width` (inputs, intercept included) is a multiple of 4.
 * Labels (0 or 1), weights, residuals and curvatures are doubles, a row each. Any number of members gives the same bytes.
 */
export interface LogisticKernels {
  /** "WASM, 2 threads", "TypeScript". */
  readonly backend: string;
  readonly memory: ArrayBufferLike;
  readonly run: RunLogistic;
  close(): void;
}

export type RunLogistic = <Name extends keyof LogisticFunctions>(
  name: Name,
  ...args: WithoutMember<Parameters<LogisticFunctions[Name]>>
) => void;

type WithoutMember<Args> = Args extends [number, number, ...infer Rest] ? Rest : never;

export interface LogisticFunctions {
  /** Residual = weight·(p − label), curvature = weight·p·(1 − p), and the summed loss of each block. */
  scoreRows(
    member: number,
    memberCount: number,
    blocks: number,
    coefficients: number,
    labels: number,
    weights: number,
    residual: number,
    curvature: number,
    losses: number,
    width: number,
    blockCount: number,
  ): void;
  /** gradient[j] += Σ residual × input j. */
  addGradient(
    member: number,
    memberCount: number,
    blocks: number,
    residual: number,
    gradient: number,
    width: number,
    blockCount: number,
  ): void;
  /** hessian[j·width + k] += Σ curvature × input j × input k, for k ≤ j (and a few more k); `scratch` has scratchBytes. */
  addHessian(
    member: number,
    memberCount: number,
    blocks: number,
    curvature: number,
    hessian: number,
    scratch: number,
    width: number,
    blockCount: number,
  ): void;
}

/** More members than a machine is asked for, two columns of a block each. */
export const mostMembers = 32;
export const scratchBytes = mostMembers * 2 * blockRows * 8;

/** Bytes at the start of memory that the caller leaves alone. */
export const logisticStart = 1024;
