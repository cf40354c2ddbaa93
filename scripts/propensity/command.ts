/** One command of the terminal. */
export interface Command {
  /** What `--help` shows. */
  readonly usage: string;
  run(args: readonly string[], signal: AbortSignal): Promise<void>;
}

/** The command line does not say what is needed. */
export class UsageError extends Error {}

/** A flag that must be there. */
export function required(value: string | undefined, flag: string): string {
  if (value === undefined || value === '') throw new UsageError(`--${flag} is missing.`);
  return value;
}

/** A whole number within bounds. */
export function wholeNumber(value: string, flag: string, low: number, high: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < low || number > high)
    throw new UsageError(`--${flag} is "${value}", expected a whole number from ${low} to ${high}.`);
  return number;
}
