/**
 * Values as they may be shown and kept: secrets hidden in every text, texts of more than 16 KB cut. Pure. Used for what
 * templates have become (execute.ts, `tasks render`) and for manifests of pods.
 */
import type { Json } from '../../src/plan/plan.ts';
import { maskText } from './mask.ts';

const LONGEST_TEXT = 16_384;

export function shown(
  value: Json,
  secrets: readonly Buffer[],
  longest: number = LONGEST_TEXT,
): Json {
  if (typeof value === 'string') return cut(maskText(value, secrets), longest);
  if (Array.isArray(value)) return value.map((item) => shown(item, secrets, longest));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, shown(item, secrets, longest)]),
  );
}

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}… (${text.length - longest} more characters)`;
}
