/**
 * Canonical JSON: the same value always gives the same text (keys sorted, no spaces, undefined
 * members left out). The version hash of a DAG is taken over this text.
 */
import { createHash } from 'node:crypto';
import type { Plan } from './plan.ts';

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? sorted(member)
      : member,
  );
}

function sorted(object: object): object {
  const result = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))) {
    result[key] = value;
  }
  return result;
}

export function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    // The length keeps ("ab", "c") and ("a", "bc") apart.
    hash.update(`${typeof part === 'string' ? Buffer.byteLength(part) : part.byteLength}:`);
    hash.update(part);
  }
  return hash.digest('hex');
}

/** Version of a DAG: its plan and the code of its tasks. */
export function versionHash(plan: Plan, bundleId: string | null): string {
  return sha256('podline.version', canonicalJson(plan), bundleId ?? '');
}
