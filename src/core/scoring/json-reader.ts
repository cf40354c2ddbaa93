import { StudioError } from '../shared/errors.ts';

/** Walks foreign JSON with the path in hand: every read says what it expects, every refusal (`bundle.format`) where. */
export class JsonReader {
  readonly value: unknown;
  readonly #file: string;
  readonly #path: string;

  private constructor(value: unknown, file: string, path: string) {
    this.value = value;
    this.#file = file;
    this.#path = path;
  }

  static parse(bytes: Uint8Array, file: string): JsonReader {
    try {
      return new JsonReader(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), file, '');
    } catch (cause) {
      throw new StudioError('bundle.format', `${file} is not JSON.`, { where: { file }, cause });
    }
  }

  field(name: string): JsonReader {
    return this.optional(name) ?? this.#child(undefined, name).refuse('a value');
  }

  optional(name: string): JsonReader | undefined {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.refuse('an object');
    return Object.hasOwn(value, name) ? this.#child((value as Record<string, unknown>)[name], name) : undefined;
  }

  list<T>(read: (item: JsonReader) => T): T[] {
    if (!Array.isArray(this.value)) return this.refuse('a list');
    return this.value.map((item, index) => read(this.#child(item, String(index))));
  }

  text(): string {
    return typeof this.value === 'string' ? this.value : this.refuse('text');
  }

  number(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): number {
    const { value } = this;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < min || value > max) {
      return this.refuse(min === Number.NEGATIVE_INFINITY ? 'a number' : `a number from ${min} to ${max}`);
    }
    return value;
  }

  integer(min: number): number {
    const value = this.number(min);
    return Number.isSafeInteger(value) ? value : this.refuse('a whole number');
  }

  boolean(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.refuse('true or false');
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    return choices.find((choice) => choice === this.value) ?? this.refuse(`one of ${choices.join(', ')}`);
  }

  #child(value: unknown, name: string): JsonReader {
    return new JsonReader(value, this.#file, `${this.#path}/${name}`);
  }

  /** Throws, saying what was expected in place of this value. */
  refuse(expected: string): never {
    const found = this.value === undefined ? 'nothing' : (JSON.stringify(this.value) ?? 'nothing').slice(0, 60);
    throw new StudioError(
      'bundle.format',
      `Expected ${expected} at ${this.#path || '/'} of ${this.#file}; found ${found}.`,
      {
        where: { file: this.#file, field: this.#path },
      },
    );
  }
}
