/** Secrets that we make ourselves: 256 random bits in base64url, of which the database keeps the SHA-256 alone. */
import { createHash, randomBytes } from 'node:crypto';

/** By which people and scanners of secrets know our API tokens. */
export const TOKEN_PREFIX = 'podline_';

const SECRET = /^[\w-]{43}$/;

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether it may be one of ours; all else is not looked for. */
export function looksLikeSecret(text: string): boolean {
  return SECRET.test(text);
}
