export type Encoding = 'utf-8' | 'utf-8-repaired' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/**
 * What the bytes are written in: the byte-order mark decides; then the pattern of zero bytes (UTF-16); then whether they
 * are valid UTF-8. A file with broken sequences is Windows-1252 (which holds Latin-1) unless most of its sequences are
 * sound UTF-8: then the broken ones are replaced. Reads the whole file only if the head does not settle it.
 */
export async function chooseEncoding(file: Blob, head: Uint8Array, doubtful = false): Promise<Encoding> {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const wide = guessWide(head);
  if (wide) return wide;
  const check = new Utf8Check();
  check.push(head);
  if (check.broken === 0 && !doubtful) return 'utf-8';
  const whole = new Utf8Check();
  for await (const chunk of readChunks(file, 0, 1 << 22)) whole.push(chunk);
  whole.finish();
  if (whole.broken === 0) return 'utf-8';
  return whole.sound > whole.broken ? 'utf-8-repaired' : 'windows-1252';
}

/** The file's text as UTF-8 bytes, in chunks; the byte-order mark is left out. Broken UTF-8 passes through as it is. */
export async function* readUtf8(file: Blob, encoding: Encoding, chunkBytes: number): AsyncGenerator<Uint8Array> {
  if (encoding === 'utf-8') {
    const mark = new Uint8Array(await file.slice(0, 3).arrayBuffer());
    yield* readChunks(file, mark[0] === 0xef && mark[1] === 0xbb && mark[2] === 0xbf ? 3 : 0, chunkBytes);
    return;
  }
  const decoder = new TextDecoder(encoding === 'utf-8-repaired' ? 'utf-8' : encoding);
  const encoder = new TextEncoder();
  for await (const chunk of readChunks(file, 0, chunkBytes))
    yield encoder.encode(decoder.decode(chunk, { stream: true }));
  yield encoder.encode(decoder.decode());
}

async function* readChunks(file: Blob, from: number, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < file.size; at += chunkBytes) {
    yield new Uint8Array(await file.slice(at, Math.min(file.size, at + chunkBytes)).arrayBuffer());
  }
}

/** Latin text in UTF-16 has a zero in every second byte. */
function guessWide(head: Uint8Array): Encoding | undefined {
  const zeros = [0, 0];
  const length = Math.min(head.length, 4096) & ~1;
  for (let i = 0; i < length; i++) if (head[i] === 0) zeros[i & 1] = (zeros[i & 1] as number) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > length * 0.2 && even < length * 0.02) return 'utf-16le';
  if (even > length * 0.2 && odd < length * 0.02) return 'utf-16be';
  return undefined;
}

/** Counts sound and broken multi-byte sequences (Unicode 15, table 3-7); sequences may span chunks. */
export class Utf8Check {
  sound = 0;
  broken = 0;
  private wanted = 0;
  private low = 0x80;
  private high = 0xbf;

  push(bytes: Uint8Array): void {
    let at = 0;
    const length = bytes.length;
    while (at < length) {
      const byte = bytes[at] as number;
      if (this.wanted > 0) {
        if (byte >= this.low && byte <= this.high) {
          this.low = 0x80;
          this.high = 0xbf;
          if (--this.wanted === 0) this.sound++;
          at++;
        } else {
          this.wanted = 0;
          this.broken++;
        }
        continue;
      }
      at++;
      if (byte < 0x80) {
        while (at < length && (bytes[at] as number) < 0x80) at++;
        continue;
      }
      this.low = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
      this.high = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
      if (byte >= 0xc2 && byte <= 0xdf) this.wanted = 1;
      else if (byte >= 0xe0 && byte <= 0xef) this.wanted = 2;
      else if (byte >= 0xf0 && byte <= 0xf4) this.wanted = 3;
      else this.broken++;
    }
  }

  finish(): void {
    if (this.wanted > 0) this.broken++;
    this.wanted = 0;
  }
}

/** Whether any byte is beyond ASCII; four at a time, as every byte of the file passes here. */
export function hasHighBytes(bytes: Uint8Array): boolean {
  let at = 0;
  if (bytes.byteOffset % 4 === 0) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    for (let i = 0; i < words.length; i++) if (((words[i] as number) & 0x80808080) !== 0) return true;
    at = words.length * 4;
  }
  for (; at < bytes.length; at++) if ((bytes[at] as number) > 127) return true;
  return false;
}
