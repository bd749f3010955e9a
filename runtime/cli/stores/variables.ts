/** `podline variables ...`. Values under keys that look like secrets are hidden in lists. */
import fs from 'node:fs/promises';
import type { Json } from '../../../src/plan/plan.ts';
import * as commands from '../../commands/variables.ts';
import { readVariables } from '../../database/queries/readVariables.ts';
import { isSecretName } from '../../../src/model/secretNames.ts';
import { missing } from '../find.ts';
import { age, count } from '../../explain/human.ts';
import { parseJson, readInput, usage } from '../input.ts';
import type { Variables } from '../installation.ts';
import type { Session } from '../session.ts';

const HIDDEN = '***';
const ALL = 1_000_000;

export async function listVariables(
  session: Session,
  _args: readonly [],
  options: { after?: string; limit: number },
): Promise<void> {
  const { output } = session;
  const { variables } = await session.installation();
  const rows = await variables.list(options);
  const now = new Date();
  output.printRows(
    rows.map((row) => ({ ...row, value: hideSecrets(row.key, row.value) })),
    [
      { title: 'KEY', value: (row) => row.key, shrink: true },
      { title: 'VALUE', value: (row) => show(row.value), shrink: true },
      { title: 'CHANGED', value: (row) => age(row.updatedAt, now) },
      { title: 'DESCRIPTION', value: (row) => row.description, shrink: true },
    ],
    'No variables are set.',
  );
  const last = rows.at(-1);
  if (rows.length === options.limit && last) {
    session.say(`There may be more: go on with --after ${last.key}`);
  }
}

export async function getVariable(session: Session, [key]: readonly [string]): Promise<void> {
  const { output } = session;
  const { variables } = await session.installation();
  const row = await variables.find(key);
  if (!row) throw await unknown(variables, key);
  if (output.json) output.printJson(row);
  else output.print(show(row.value));
}

export async function setVariable(
  session: Session,
  [key, given]: readonly [string, string],
  options: { parse?: boolean; description?: string },
): Promise<void> {
  const { output } = session;
  checkKey(key);
  const text = given === '-' ? (await readInput('-')).replace(/\n$/, '') : given;
  const value = options.parse ? (parseJson(text, 'The value') as Json) : text;
  const { description } = options;
  const { variables } = await session.installation();
  await variables.set({ key, value, description });
  if (output.json) output.printJson({ key, value: hideSecrets(key, value) });
  else output.print(`Variable ${key} is set.`);
}

export async function deleteVariable(session: Session, [key]: readonly [string]): Promise<void> {
  const { output } = session;
  const { variables } = await session.installation();
  if (!(await variables.delete(key))) throw await unknown(variables, key);
  if (output.json) output.printJson({ key, deleted: true });
  else output.print(`Variable ${key} is deleted.`);
}

export async function importVariables(session: Session, [file]: readonly [string]): Promise<void> {
  const { output } = session;
  const parsed = parseJson(await readInput(file), file);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw usage(`${file} holds no JSON object of values by key.`);
  }
  const variables = Object.entries(parsed).map(([key, value]) => ({ key, value: value as Json }));
  for (const { key } of variables) checkKey(key);
  if (variables.length > 0) {
    await commands.setVariables(await session.database(), variables, 'variable.import');
  }
  if (output.json) output.printJson({ imported: variables.map(({ key }) => key) });
  else output.print(`${count(variables.length, 'variable')} set from ${file}.`);
}

export async function exportVariables(
  session: Session,
  [file]: readonly [string | undefined],
): Promise<void> {
  const { output } = session;
  const rows = await readVariables(await session.database(), { limit: ALL });
  const values = Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  if (file === undefined) {
    output.printJson(values);
    return;
  }
  // It holds secrets in plain text.
  await fs.writeFile(file, `${JSON.stringify(values, null, 2)}\n`, { mode: 0o600 });
  if (output.json) output.printJson({ file, exported: rows.length });
  else output.print(`${count(rows.length, 'variable')} written to ${file}.`);
}

async function unknown(variables: Variables, key: string) {
  const keys = (await variables.list({ limit: 10_000 })).map((one) => one.key);
  return missing('not_found.variable', { variable: key }, key, keys);
}

function checkKey(key: string): void {
  if (commands.VARIABLE_KEY.test(key)) return;
  throw usage(`The key ${JSON.stringify(key)} is empty, too long or has spaces.`);
}

/** Everything below a secret name counts as secret, as in the logs of tasks. */
function hideSecrets(key: string, value: Json): Json {
  if (isSecretName(key)) return HIDDEN;
  if (Array.isArray(value)) return value.map((item) => hideSecrets('', item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, hideSecrets(name, item)]),
  );
}

function show(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
