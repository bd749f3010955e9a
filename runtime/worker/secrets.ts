/**
 * Which texts must not appear in a task's log: passwords and secret extras of its connections, and
 * secret variables, each in the spellings that programs print. Called by execute.ts; mask.ts hides them.
 */
import { isSecretName } from '../../src/model/secretNames.ts';
import type { Json } from '../../src/plan/plan.ts';
import type { Connection } from '../../src/connections/connection.ts';

/** Shorter secrets would blank out half of every log and protect nothing. */
export const MIN_SECRET = 5;
const MIN_LINE = 8;

export function secretsOf(
  connections: Iterable<Connection>,
  variables: Record<string, Json>,
): string[] {
  const found = new Set<string>();
  for (const connection of connections) {
    if (connection.password !== undefined) found.add(connection.password);
    collect(connection.extra, false, found);
  }
  collect(variables, false, found);
  return [...found].filter((secret) => Buffer.byteLength(secret) >= MIN_SECRET);
}

/** Texts under a secret name, at any depth; everything below such a name counts. */
function collect(value: Json, secret: boolean, found: Set<string>): void {
  if (typeof value === 'string' || typeof value === 'number') {
    if (secret) found.add(String(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      collect(item, secret || (!Array.isArray(value) && isSecretName(name)), found);
    }
  }
}

/** The byte strings to look for, made once an attempt. */
export function spellings(secrets: readonly string[]): Buffer[] {
  const forms = new Set<string>();
  const add = (text: string, least = MIN_SECRET): void => {
    if (Buffer.byteLength(text) >= least) forms.add(text);
  };
  for (const secret of secrets) {
    add(secret);
    const url = encodeURIComponent(Buffer.from(secret).toString());
    add(url);
    add(url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
    add(new URLSearchParams([['', secret]]).toString().slice(1));
    const json = JSON.stringify(secret).slice(1, -1);
    add(json);
    add(
      json.replace(
        /[\u007f-\uffff]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    );
    for (const form of base64Forms(secret)) add(form);
    if (/[\r\n]/.test(secret)) {
      add(secret.replace(/\r?\n/g, '\r\n'));
      for (const line of secret.split(/\r?\n/)) add(line.trim(), MIN_LINE);
    }
  }
  return [...forms].map((form) => Buffer.from(form));
}

/**
 * The secret inside longer base64 text (`user:password` of a header) begins at any of three
 * offsets: the characters that it alone decides are looked for.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms: string[] = [];
  for (let offset = 0; offset < 3; offset += 1) {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + bytes.length) * 8) / 6);
    const form = text.slice(first, last);
    forms.push(form, form.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}
