import { canonicalJson } from '../scoring/canonical-json.ts';
import { StudioError } from '../shared/errors.ts';
import { sha256 } from '../shared/sha256.ts';

/** An entry of the log. Each holds the hash of the one before: a changed, removed or inserted entry breaks the chain. */
export interface LogEntry {
  readonly index: number;
  /** ISO 8601, UTC; the host's clock. */
  readonly at: string;
  /** "registered", "promoted", "archived", "alert", "decision" … */
  readonly what: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 of this entry without its hash, as JSON with sorted keys. */
  readonly hash: string;
}

const start = '0'.repeat(64);

/** The log with one entry more. */
export function appendEntry(
  log: readonly LogEntry[],
  entry: Pick<LogEntry, 'at' | 'what' | 'details'>,
): readonly LogEntry[] {
  const whole = { index: log.length, ...entry, previous: log.at(-1)?.hash ?? start };
  return [...log, { ...whole, hash: hashOf(whole) }];
}

/** Refuses with `bundle.integrity`, naming the first entry that does not fit, a log that is not as it was written. */
export function verifyLog(log: readonly LogEntry[]): void {
  let previous = start;
  for (const [i, { hash, ...entry }] of log.entries()) {
    if (entry.index !== i || entry.previous !== previous || hashOf(entry) !== hash) {
      throw new StudioError('bundle.integrity', `Entry ${i} of the registry's log is not as it was written.`, {
        where: { row: i },
        fix: 'Restore the log from a copy; what comes after this entry cannot be trusted.',
      });
    }
    previous = hash;
  }
}

function hashOf(entry: Omit<LogEntry, 'hash'>): string {
  return sha256(new TextEncoder().encode(canonicalJson(entry)));
}
