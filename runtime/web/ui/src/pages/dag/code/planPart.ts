/** A part of a plan as text to compare. Scripts that lie in files are compared there, line by line. Pure. */
export function planPart(value: unknown): string {
  if (value === null || value === undefined) return '';
  return JSON.stringify(value, withoutScripts, 2);
}

function withoutScripts(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('file' in value)) return value;
  if (!('text' in value) || typeof value.file !== 'string') return value;
  const { text: _text, ...rest } = value;
  return rest;
}
