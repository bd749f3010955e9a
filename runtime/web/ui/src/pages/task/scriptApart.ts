/** The script of a task apart from the rest of its config: it is read as code. Pure. */
import type { Json } from '../../params/fields.ts';

export interface Apart {
  script?: { file?: string; text: string };
  rest: Json;
}

/** `value`: an object with a `config`, of a plan or rendered. */
export function scriptApart(value: Json): Apart {
  const { config } = value as { config?: { script?: { file?: string; text?: unknown } } };
  const { file, text } = config?.script ?? {};
  if (typeof text !== 'string') return { rest: value };
  const script = { ...(typeof file === 'string' && { file }), text };
  const shown = { ...config, script: file ?? '(above)' };
  return { script, rest: { ...(value as object), config: shown } };
}
