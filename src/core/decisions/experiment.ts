import { sha256 } from '../shared/sha256.ts';

/** Two models that share customers. */
export interface Experiment {
  /** Salts the draw, so that the next experiment mixes customers anew. */
  readonly name: string;
  /** Share of customers that the challenger answers, 0 to 1. */
  readonly share: number;
}

export type Arm = 'champion' | 'challenger';

const draws = 0x1_0000_0000_0000;

/**
 * The arm of a customer, always the same for the same id and experiment: the first 48 bits of SHA-256 of the name, a
 * line feed and the id, as a share of 2⁴⁸, lie below the challenger's share or not. Raising the share moves nobody back.
 */
export function armOf(customerId: string, { name, share }: Experiment): Arm {
  const digest = sha256(new TextEncoder().encode(`${name}\n${customerId}`));
  return Number.parseInt(digest.slice(0, 12), 16) / draws < share ? 'challenger' : 'champion';
}
