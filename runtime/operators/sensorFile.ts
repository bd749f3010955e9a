/** sensor.file: true once a file is there; `*` and `?` match within one name. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { text } from './config.ts';
import type { OperatorContext, OperatorResult } from './operator.ts';

export async function run(context: OperatorContext): Promise<OperatorResult> {
  const pattern = text(context, 'path');
  const found = await find(pattern);
  context.log(found === undefined ? `${pattern} is not there yet` : `${found} is there`);
  return { waiting: found === undefined };
}

/** First match; names are read in order, and only `*` and `?` are special. */
async function find(pattern: string): Promise<string | undefined> {
  const whole = path.resolve(pattern);
  const { root } = path.parse(whole);
  return findBelow(root, whole.slice(root.length).split(path.sep));
}

async function findBelow(folder: string, steps: string[]): Promise<string | undefined> {
  const [step, ...rest] = steps;
  if (step === undefined) return exists(folder);
  if (!/[*?]/.test(step)) return findBelow(path.join(folder, step), rest);
  const expression = step
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const names = await readdir(folder).catch(() => []);
  for (const name of names.sort()) {
    // Hidden files are meant only when the pattern says so.
    if (name.startsWith('.') && !step.startsWith('.')) continue;
    if (!new RegExp(`^${expression}$`, 's').test(name)) continue;
    const found = await findBelow(path.join(folder, name), rest);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function exists(file: string): Promise<string | undefined> {
  return stat(file).then(
    () => file,
    () => undefined,
  );
}
