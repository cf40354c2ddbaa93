/** Distinct byte strings, numbered in order of first appearance: an open hash table (FNV-1a) that compares in full. */
export class Dictionary {
  size = 0;
  private bytes = new Uint8Array(1024);
  private offsets = new Uint32Array(64);
  private hashes = new Int32Array(64);
  private slots = new Int32Array(256).fill(-1);

  /** The number of bytes[from … to), given now if it is new. */
  codeOf(bytes: Uint8Array, from: number, to: number): number {
    let hash = 0x811c9dc5 | 0;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const code = this.slots[slot] as number;
      if (code < 0) return this.add(bytes, from, to, hash, slot);
      if (this.hashes[code] === hash && this.equals(code, bytes, from, to)) return code;
      slot = (slot + 1) & mask;
    }
  }

  /** The byte string of a code: a view that the next `codeOf` may make stale. */
  at(code: number): Uint8Array {
    return this.bytes.subarray(this.offsets[code], this.offsets[code + 1]);
  }

  texts(): string[] {
    const decoder = new TextDecoder();
    return Array.from({ length: this.size }, (_, code) => decoder.decode(this.at(code)));
  }

  private equals(code: number, bytes: Uint8Array, from: number, to: number): boolean {
    let at = this.offsets[code] as number;
    if ((this.offsets[code + 1] as number) - at !== to - from) return false;
    for (let i = from; i < to; i++) if (bytes[i] !== this.bytes[at++]) return false;
    return true;
  }

  private add(bytes: Uint8Array, from: number, to: number, hash: number, slot: number): number {
    const code = this.size++;
    const end = (this.offsets[code] as number) + (to - from);
    if (end > this.bytes.length) this.bytes = grown(this.bytes, new Uint8Array(Math.max(end, 2 * this.bytes.length)));
    this.bytes.set(bytes.subarray(from, to), this.offsets[code]);
    if (this.size + 1 > this.offsets.length) {
      this.offsets = grown(this.offsets, new Uint32Array(2 * this.offsets.length));
      this.hashes = grown(this.hashes, new Int32Array(2 * this.hashes.length));
    }
    this.offsets[code + 1] = end;
    this.hashes[code] = hash;
    this.slots[slot] = code;
    if (this.size * 2 > this.slots.length) this.rehash();
    return code;
  }

  private rehash(): void {
    const slots = new Int32Array(2 * this.slots.length).fill(-1);
    const mask = slots.length - 1;
    for (let code = 0; code < this.size; code++) {
      let slot = (this.hashes[code] as number) & mask;
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      slots[slot] = code;
    }
    this.slots = slots;
  }
}

function grown<T extends Uint8Array | Uint32Array | Int32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
