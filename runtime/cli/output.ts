/**
 * Everything the CLI says. Made once by main, handed to every command: results go to stdout, talk
 * about the work to stderr, so that `podline ... --json | jq` always gets clean JSON.
 */
import { createRequire } from 'node:module';
import pc from 'picocolors';
import { renderTable } from './table.ts';
import type { Column } from './table.ts';

export type { Column } from './table.ts';

const require = createRequire(import.meta.url);
export type Colours = ReturnType<typeof pc.createColors>;

/** A stream to write to; process.stdout fits. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface OutputOptions {
  stdout: Terminal;
  stderr: Terminal;
  env: Readonly<Record<string, string | undefined>>;
  json: boolean;
}

/** One line (or block) that changes while work goes on. */
export interface Progress {
  update(text: string): void;
  /** Leaves the last words, or the given ones, standing. */
  done(text?: string): void;
}

export interface Output {
  readonly json: boolean;
  readonly colours: Colours;
  /** A line of result for people; silent with --json. */
  print(text?: string): void;
  /** Text of a task as it is, without a line end of ours. */
  write(text: string): void;
  printTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty?: string): void;
  /** The result for programs: one JSON document. Call it once, and only when `json` is set. */
  printJson(value: unknown): void;
  /** One JSON value a line, for what goes on (logs, watch). */
  printJsonLine(value: unknown): void;
  /** Rows either way: as a table for people, as they are (a JSON array) for programs. */
  printRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty?: string): void;
  /** About the work, not its result: to stderr, also with --json. */
  note(text: string): void;
  warn(text: string): void;
  progress(): Progress;
}

export function createOutput({ stdout, stderr, env, json }: OutputOptions): Output {
  const colours = pc.createColors(hasColours(stdout, env));
  const errorColours = pc.createColors(hasColours(stderr, env));
  const line = (to: Terminal, text: string) => {
    to.write(`${text}\n`);
  };

  const output: Output = {
    json,
    colours,
    print(text = '') {
      if (!json) line(stdout, text);
    },
    write(text) {
      stdout.write(text);
    },
    printTable(rows, columns, empty = 'Nothing to show.') {
      if (json) return;
      if (rows.length === 0) {
        line(stdout, empty);
        return;
      }
      const width = stdout.isTTY ? stdout.columns : undefined;
      line(stdout, renderTable(rows, columns, { width, colours }));
    },
    printJson(value) {
      line(stdout, JSON.stringify(value, plainJson, 2));
    },
    printJsonLine(value) {
      line(stdout, JSON.stringify(value, plainJson));
    },
    printRows(rows, columns, empty) {
      if (json) output.printJson(rows);
      else output.printTable(rows, columns, empty);
    },
    note(text) {
      line(stderr, text);
    },
    warn(text) {
      line(stderr, `${errorColours.yellow('warning:')} ${text}`);
    },
    progress: () => createProgress(stderr, env),
  };
  return output;
}

/** NO_COLOR (any value) wins over FORCE_COLOR, which wins over what the terminal can do. */
export function hasColours(to: Terminal, env: OutputOptions['env']): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return to.isTTY === true && env['TERM'] !== 'dumb';
}

/**
 * On a terminal the text is redrawn in place. Elsewhere each change is one plain line, written once
 * per new text, so that a CI log reads as a list of what happened.
 */
function createProgress(to: Terminal, env: OutputOptions['env']): Progress {
  if (isStream(to) && to.isTTY && env['TERM'] !== 'dumb' && !env['CI']) {
    // Loaded when something is drawn: it takes 80 ms.
    const { createLogUpdate } = require('log-update') as typeof import('log-update');
    const draw = createLogUpdate(to, { showCursor: true });
    return {
      update: (text) => {
        draw(text);
      },
      done(text) {
        if (text !== undefined) draw(text);
        draw.done();
      },
    };
  }
  let last = '';
  const say = (text: string) => {
    if (text !== last) to.write(`${text}\n`);
    last = text;
  };
  return {
    update: say,
    done(text) {
      if (text !== undefined) say(text);
    },
  };
}

function isStream(to: Terminal): to is Terminal & NodeJS.WritableStream {
  return 'on' in to && 'end' in to;
}

/** JSON has no bigint: ids of rows become text, as node-postgres gives them. */
function plainJson(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
