/** Something about a customer's own fields that a person should know. */
export interface RecordFinding {
  /** 0-based place of the customer in what was sent. */
  readonly record: number;
  /** JSON pointer to the field within the customer, e.g. "/age"; empty for the customer as a whole. */
  readonly pointer: string;
  /** `refused`: this customer cannot be scored. `note`: scored, with the treatment the detail tells. */
  readonly level: 'refused' | 'note';
  readonly detail: string;
}

/** A field name as a JSON pointer (RFC 6901). */
export function pointerTo(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A value as shown in a message: JSON, cut short. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
