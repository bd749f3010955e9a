/**
 * Values of a plan as short, stable texts that a preview can compare line by line: flat records of path and
 * text, long texts as their length and a hash. Pure; used by planView.ts and taskView.ts.
 */
import { isSecretName } from '../../src/model/secretNames.ts';
import { canonicalJson, sha256 } from '../../src/plan/canonical.ts';

/** Longest text that is shown itself. */
const SHOWN = 160;
/** Fields whose names sound like a secret and that only refer to one. */
const REFERENCES = /^(secret|secretName|secretRef|secretKeyRef|imagePullSecrets|connection)$/;
/** What tells the members of a list apart, best first. */
const KEYS = ['mountPath', 'containerPort', 'name', 'ip', 'key'];

/** The beginning of the text's hash: enough to see that it changed. */
export function shortHash(text: string): string {
  return sha256(text).slice(0, 12);
}

/** A short text of one line as it is, any other by its length and hash. */
export function shown(text: string): string {
  if (text.length <= SHOWN && !/[\r\n]/.test(text)) return text;
  const lines = text.replace(/\r?\n$/, '').split('\n').length;
  return `${lines === 1 ? '1 line' : `${lines} lines`}, ${shortHash(text)}`;
}

/** A value whose name says that it is a secret shows only whether it changed. */
export function shownAs(name: string, text: string): string {
  const isHidden = isSecretName(name) && !REFERENCES.test(name) && !text.includes('{{');
  return isHidden ? `hidden, ${shortHash(text)}` : shown(text);
}

/** Undefined when a value is the default. */
export function other<Value>(value: Value, usual: Value): Value | undefined {
  return value === usual ? undefined : value;
}

/** Texts with commas in them are quoted, so that two lists never look the same. */
export function listText(list: readonly string[]): string {
  return list.map((item) => (/[",]/.test(item) ? JSON.stringify(item) : item)).join(', ');
}

/** Seconds as an author writes them: 5400 is "1h30m". Nothing is rounded. */
export function durationText(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  if (milliseconds === 0 || milliseconds / 1000 !== seconds) return `${seconds}s`;
  let rest = milliseconds;
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** Every leaf of a JSON value by its path: { resources: { cpu: 1 } } is { "resources.cpu": "1" }. */
export function flat(value: unknown, path = ''): Record<string, string> {
  const found: Record<string, string> = {};
  collect(value, path, found);
  return found;
}

function collect(value: unknown, path: string, found: Record<string, string>): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null) {
    found[path] = typeof value === 'string' ? shownAs(lastPart(path), value) : canonicalJson(value);
    return;
  }
  const members = Array.isArray(value) ? membersOf(value as unknown[]) : value;
  const entries = members === undefined ? [] : Object.entries(members);
  // A list of plain values, or of objects that nothing tells apart, is one text.
  if (entries.length === 0) {
    found[path] = shownAs(lastPart(path), canonicalJson(value));
    return;
  }
  for (const [key, member] of entries) collect(member, path === '' ? key : `${path}.${key}`, found);
}

/** A list of objects as an object, by the first field that is there in each and never twice the same. */
function membersOf(list: readonly unknown[]): Record<string, unknown> | undefined {
  if (list.length === 0 || !list.every(isObject)) return undefined;
  const by = KEYS.find((key) => {
    const values = list.map((member) => member[key]);
    const isKey = values.every((one) => typeof one === 'string' || typeof one === 'number');
    return isKey && new Set(values).size === values.length;
  });
  if (by === undefined) return undefined;
  const members: Record<string, unknown> = {};
  for (const { [by]: key, ...rest } of list) members[String(key)] = rest;
  return members;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** Without what is undefined, and without records that hold nothing. */
export function compact<Value extends object>(value: Value): Value {
  const kept = Object.entries(value).filter(
    ([, member]) => member !== undefined && !(isObject(member) && Object.keys(member).length === 0),
  );
  return Object.fromEntries(kept) as Value;
}
