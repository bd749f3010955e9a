/**
 * Hides secrets in a stream of bytes. Every byte that lies in any occurrence of any secret is hidden,
 * each run of them becoming `***`, and the result does not depend on where the stream was cut:
 * what may still turn out to be the beginning of a secret is held back until the next chunk.
 */
const STARS = Buffer.from('***');
const NOTHING: Buffer = Buffer.alloc(0);

export class Mask {
  readonly #secrets: readonly Buffer[];
  readonly #longest: number;
  #held = NOTHING;
  /** Bytes at the start of `#held` that a secret found earlier still covers. */
  #covered = 0;
  #hiding = false;

  constructor(secrets: readonly Buffer[]) {
    this.#secrets = secrets.filter((secret) => secret.length > 0);
    this.#longest = Math.max(0, ...this.#secrets.map((secret) => secret.length));
  }

  push(chunk: Buffer): Buffer {
    if (this.#longest === 0) return chunk;
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    return this.#emit(bytes, this.#undecided(bytes));
  }

  /** What was held back; the stream has ended. */
  end(): Buffer {
    const rest = this.#held;
    return rest.length === 0 ? rest : this.#emit(rest, rest.length);
  }

  /** Smallest index from which all bytes to the end are a proper beginning of a secret. */
  #undecided(bytes: Buffer): number {
    for (let i = Math.max(0, bytes.length - this.#longest + 1); i < bytes.length; i += 1) {
      const length = bytes.length - i;
      for (const secret of this.#secrets) {
        if (
          secret.length > length &&
          secret[0] === bytes[i] &&
          bytes.compare(secret, 0, length, i, bytes.length) === 0
        ) {
          return i;
        }
      }
    }
    return bytes.length;
  }

  #emit(bytes: Buffer, until: number): Buffer {
    const covers = this.#occurrences(bytes);
    const out: Buffer[] = [];
    let position = 0;
    let end = this.#covered;
    const hide = (to: number): void => {
      if (to > position && !this.#hiding) out.push(STARS);
      if (to > position) this.#hiding = true;
      position = Math.max(position, to);
    };
    for (const [from, to] of [[0, this.#covered] as const, ...covers]) {
      if (from >= until) break;
      if (from > position) {
        out.push(bytes.subarray(position, from));
        this.#hiding = false;
        position = from;
      }
      end = Math.max(end, to);
      hide(Math.min(to, until));
    }
    if (position < until) {
      out.push(bytes.subarray(position, until));
      this.#hiding = false;
    }
    this.#covered = Math.max(0, end - until);
    // A copy, so that a few held bytes do not keep a large chunk in memory.
    this.#held = until === bytes.length ? NOTHING : Buffer.from(bytes.subarray(until));
    return out.length === 1 ? (out[0] as Buffer) : Buffer.concat(out);
  }

  /** All occurrences, overlapping ones too, by their start. */
  #occurrences(bytes: Buffer): [number, number][] {
    const found: [number, number][] = [];
    for (const secret of this.#secrets) {
      let at = bytes.indexOf(secret);
      while (at !== -1) {
        found.push([at, at + secret.length]);
        at = bytes.indexOf(secret, at + 1);
      }
    }
    return found.sort((a, b) => a[0] - b[0]);
  }
}

export function maskText(text: string, secrets: readonly Buffer[]): string {
  if (secrets.length === 0) return text;
  const mask = new Mask(secrets);
  return Buffer.concat([mask.push(Buffer.from(text)), mask.end()]).toString();
}
