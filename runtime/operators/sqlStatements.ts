/**
 * Cuts a SQL script into its statements, so that each can be timed, given its parameters and named
 * when it fails. Pure. Knows PostgreSQL's strings, dollar quotes, quoted names, comments (nested) and
 * BEGIN ATOMIC bodies; it does not check the language.
 */
export interface Statement {
  text: string;
  /** Line in the script at which it begins, from 1. */
  line: number;
  /** Highest parameter that it names: 2 for $2. */
  parameters: number;
}

const SPACE = /\s/;
const WORD = /[A-Za-z0-9_\u0080-\uffff]/;

export function splitStatements(script: string): Statement[] {
  const statements: Statement[] = [];
  let start = -1;
  let parameters = 0;
  let depth = 0;
  let words: string[] = [];
  let i = 0;
  const finish = (end: number): void => {
    if (start !== -1) {
      const line = countLines(script, start);
      statements.push({ text: script.slice(start, end).trim(), line, parameters });
    }
    start = -1;
    parameters = 0;
    depth = 0;
    words = [];
  };
  while (i < script.length) {
    const char = script[i] as string;
    const next = script[i + 1];
    if (char === '-' && next === '-') {
      const end = script.indexOf('\n', i);
      i = end === -1 ? script.length : end;
      continue;
    }
    if (char === '/' && next === '*') {
      i = endOfComment(script, i);
      continue;
    }
    if (SPACE.test(char)) {
      i += 1;
      continue;
    }
    if (char === ';' && depth === 0) {
      finish(i);
      i += 1;
      continue;
    }
    if (start === -1) start = i;
    if (char === "'" || char === '"') {
      i = endOfQuoted(script, i, char, char === "'" && /^[eE]$/.test(wordBefore(script, i)));
    } else if (char === '$') {
      const parameter = /^\$(\d+)/.exec(script.slice(i, i + 8));
      const tag = /^\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(script.slice(i, i + 80));
      if (parameter) {
        parameters = Math.max(parameters, Number(parameter[1]));
        i += parameter[0].length;
      } else if (tag) {
        const end = script.indexOf(tag[0], i + tag[0].length);
        i = end === -1 ? script.length : end + tag[0].length;
      } else {
        i += 1;
      }
    } else if (WORD.test(char)) {
      let end = i + 1;
      while (end < script.length && (WORD.test(script[end] as string) || script[end] === '$'))
        end += 1;
      const word = script.slice(i, end).toUpperCase();
      const before = words.at(-1);
      // Bodies of SQL-standard functions hold semicolons: BEGIN ATOMIC ... END, CASE ... END inside.
      if (word === 'ATOMIC' && before === 'BEGIN') depth += 1;
      else if (depth > 0 && word === 'CASE') depth += 1;
      else if (depth > 0 && word === 'END') depth -= 1;
      words = [word];
      i = end;
    } else {
      i += 1;
    }
  }
  finish(script.length);
  return statements;
}

function endOfComment(script: string, from: number): number {
  let depth = 1;
  let i = from + 2;
  while (i < script.length && depth > 0) {
    if (script.startsWith('/*', i)) {
      depth += 1;
      i += 2;
    } else if (script.startsWith('*/', i)) {
      depth -= 1;
      i += 2;
    } else {
      i += 1;
    }
  }
  return i;
}

function endOfQuoted(script: string, from: number, quote: string, escapes: boolean): number {
  let i = from + 1;
  while (i < script.length) {
    if (escapes && script[i] === '\\') i += 2;
    else if (script[i] !== quote) i += 1;
    else if (script[i + 1] === quote) i += 2;
    else return i + 1;
  }
  return script.length;
}

function wordBefore(script: string, at: number): string {
  let from = at;
  while (from > 0 && WORD.test(script[from - 1] as string)) from -= 1;
  return script.slice(from, at);
}

function countLines(script: string, to: number): number {
  let line = 1;
  for (let at = script.indexOf('\n'); at !== -1 && at < to; at = script.indexOf('\n', at + 1))
    line += 1;
  return line;
}
