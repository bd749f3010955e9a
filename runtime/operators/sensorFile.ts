/** sensor.file: true once a file is there; `*` and `?` match within one name. */
import { glob, stat } from 'node:fs/promises';
import { text } from './config.ts';
import type { OperatorContext, OperatorResult } from './operator.ts';

export async function run(context: OperatorContext): Promise<OperatorResult> {
  const path = text(context, 'path');
  const found = await find(path);
  context.log(found === undefined ? `${path} is not there yet` : `${found} is there`);
  return { waiting: found === undefined };
}

async function find(path: string): Promise<string | undefined> {
  if (!/[*?]/.test(path)) {
    return stat(path).then(
      () => path,
      () => undefined,
    );
  }
  // Brackets and braces are ordinary characters of file names here.
  const pattern = path.replace(/[[\]{}()!+@\\]/g, '\\$&');
  for await (const match of glob(pattern)) return match;
  return undefined;
}
