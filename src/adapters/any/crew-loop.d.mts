/** Everything a member needs; goes through structured clone. */
export interface MemberSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  readonly member: number;
  readonly memberCount: number;
}

export declare const slots: {
  readonly sequence: number;
  readonly name: number;
  readonly argumentCount: number;
  readonly done: number;
  readonly sleepers: number;
  readonly stop: number;
  readonly failed: number;
  readonly leadAsleep: number;
};
export declare const argumentsOffset: number;
export declare const maxArguments: number;
export declare const controlBytes: number;

export declare function functionNames(module: WebAssembly.Module): string[];
export declare function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Record<string, (...args: number[]) => number>;
export declare function serveMember(setup: MemberSetup): void;
