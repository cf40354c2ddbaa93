/**
 * A fixed team of workers on one shared WebAssembly memory, each with its own instance of the same module.
 * The lead calls `run`; every member (the lead is member 0) executes the exported function with
 * `(member, memberCount, ...args)`, and `run` returns when all have finished. With one member it is a plain call.
 */
export interface Crew {
  readonly memberCount: number;
  readonly memory: Pick<WebAssembly.Memory, 'buffer' | 'grow'>;
  /** Calls `name` on every member. Blocks: only a worker (or Node) may be lead. Throws `job.worker-lost` if a member died. */
  run(name: string, ...args: number[]): void;
  /** Calls `name` on the lead alone with exactly these arguments and returns its result. */
  call(name: string, ...args: number[]): number;
  close(): void;
}

/** Makes a crew for one module of `src/wasm` with a fresh memory of its own. */
export type CreateCrew = (module: KernelModuleName, options?: CrewOptions) => Promise<Crew>;

export interface CrewOptions {
  readonly initialPages?: number;
  /** Caps the members below what the host offers. */
  readonly maxMembers?: number;
  /**
   * Lets the lead go on alone, `memberCount` falling to 1 between two runs, once waiting for the others costs more than
   * their help brings: other work holds the cores. Only for kernels that may lose members on the way.
   */
  readonly mayShrink?: boolean;
}

export const kernelModuleNames = ['boosting', 'logistic', 'dense', 'exact-math', 'trees', 'tree-shap'] as const;
export type KernelModuleName = (typeof kernelModuleNames)[number];

/** How a crew is named to people: "WASM, 1 thread", "WASM, 2 threads". */
export function describeCrew({ memberCount }: Pick<Crew, 'memberCount'>): string {
  return `WASM, ${memberCount} thread${memberCount === 1 ? '' : 's'}`;
}
