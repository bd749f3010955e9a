/**
 * One process that renders templates, as render.ts sees it: one assignment at a time, each with a time limit
 * after which the process is killed. What ends the process fails only the attempt that was at work.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isCause, isInfrastructure } from '../../src/model/causes.ts';
import type { Assignment } from '../worker/assignment.ts';
import type { RenderResult } from './render.ts';

const TIME_LIMIT_MS = 2000;
/** Loading takes 0.1 s on an idle machine. */
const START_LIMIT_MS = 30_000;
const MEMORY_MB = 64;

export interface RendererOptions {
  idleMs: number;
  onIdle(): void;
  onEnd(): void;
}

export interface Renderer {
  readonly idle: boolean;
  render(assignment: Assignment): Promise<RenderResult>;
  end(): void;
}

interface Job {
  assignment: Assignment;
  answer(result: RenderResult): void;
}

/** What the process may do: read the code of the runtime and of its libraries, and nothing else. */
export function sandboxFlags(): string[] {
  const root = path.resolve(import.meta.dirname, '../..');
  const { resolve } = createRequire(import.meta.url);
  // Where they are, and every folder on the way there: a link among them has two names.
  const libraries = new Set([
    path.dirname(path.dirname(resolve('nunjucks/package.json'))),
    ...(resolve.paths('nunjucks') ?? []).filter((place) => /[\\/]node_modules$/.test(place)),
  ]);
  const folders = [path.join(root, 'src'), path.join(root, 'runtime'), ...libraries];
  const manifests = [path.join(root, 'package.json'), path.join(root, '../package.json')];
  return [
    '--permission',
    ...[...folders, ...manifests].map((place) => `--allow-fs-read=${place}`),
    '--disallow-code-generation-from-strings',
    `--max-old-space-size=${MEMORY_MB}`,
    '--no-warnings',
  ];
}

export function startRenderer(options: RendererOptions): Renderer {
  return new RendererProcess(options);
}

class RendererProcess implements Renderer {
  readonly #options: RendererOptions;
  readonly #child: ChildProcess;
  readonly #queue: Job[] = [];
  #current: Job | undefined;
  #ready = false;
  #over = false;
  #timer: NodeJS.Timeout | undefined;
  #why: 'time' | undefined;

  constructor(options: RendererOptions) {
    this.#options = options;
    const name = import.meta.filename.endsWith('.ts') ? 'renderProcess.ts' : 'renderProcess.js';
    this.#child = fork(path.join(import.meta.dirname, name), [], {
      execArgv: sandboxFlags(),
      env: {},
      cwd: import.meta.dirname,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('message', (message) => this.#heard(message as { text?: unknown }));
    this.#child.on('error', () => this.#ended(null, null));
    this.#child.on('exit', (code, signal) => this.#ended(code, signal));
    this.#limit(START_LIMIT_MS);
    this.#hold(false);
  }

  get idle(): boolean {
    return this.#current === undefined && this.#queue.length === 0;
  }

  render(assignment: Assignment): Promise<RenderResult> {
    if (this.#over) return Promise.resolve(notStarted('it has ended'));
    return new Promise((resolve) => {
      this.#queue.push({ assignment, answer: resolve });
      this.#hold(true);
      this.#next();
    });
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #heard(message: { text?: unknown }): void {
    clearTimeout(this.#timer);
    const job = this.#current;
    this.#ready = true;
    this.#current = undefined;
    job?.answer(readResult(message.text));
    this.#next();
  }

  #next(): void {
    if (!this.#ready || this.#current || this.#over) return;
    clearTimeout(this.#timer);
    this.#current = this.#queue.shift();
    if (this.#current) {
      this.#limit(TIME_LIMIT_MS);
      this.#child.send(this.#current.assignment, () => {});
      return;
    }
    this.#hold(false);
    this.#timer = setTimeout(() => this.end(), this.#options.idleMs).unref();
    this.#options.onIdle();
  }

  #limit(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#why = 'time';
      this.end();
    }, ms);
    if (!this.#ready) this.#timer.unref();
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    const { onEnd } = this.#options;
    const waiting = this.#queue.splice(0);
    this.#current?.answer(this.#explain(code, signal));
    this.#current = undefined;
    onEnd();
    if (!this.#ready) {
      for (const job of waiting) job.answer(notStarted(`it ended with ${signal ?? code}`));
      return;
    }
    // The others of the DAG did nothing wrong: a new process renders them.
    if (waiting.length === 0) return;
    const next = startRenderer({ ...this.#options, onEnd: () => {}, onIdle: () => next.end() });
    for (const job of waiting) void next.render(job.assignment).then((end) => job.answer(end));
  }

  #explain(code: number | null, signal: NodeJS.Signals | null): RenderResult {
    if (this.#why === 'time') {
      return template(`the templates were not rendered within ${TIME_LIMIT_MS / 1000} s`);
    }
    if (signal === 'SIGABRT' || signal === 'SIGTRAP' || code === 134) {
      return template(`the templates used more than ${MEMORY_MB} MB of memory`);
    }
    // Nothing that a template does ends a process by a signal: the machine did.
    if (signal !== null) return notStarted(`it was ended by ${signal}`);
    return template('the templates ended the process that renders them');
  }

  /** An idle child keeps no scheduler alive. */
  #hold(wanted: boolean): void {
    if (wanted) {
      this.#child.ref();
      this.#child.channel?.ref();
    } else {
      this.#child.unref();
      this.#child.channel?.unref();
    }
  }
}

function template(message: string): RenderResult {
  return { failure: { cause: 'template', message } };
}

function notStarted(how: string): RenderResult {
  const message = `the process that renders templates could not do its work: ${how}`;
  return { failure: { cause: 'launch_failed', message } };
}

/** The child is not trusted: only the shape that a pod is made from passes. */
function readResult(text: unknown): RenderResult {
  try {
    const value = JSON.parse(String(text)) as RenderResult;
    if ('failure' in value) {
      const { cause, message } = value.failure as { cause: unknown; message: unknown };
      const known = isCause(cause) && !isInfrastructure(cause);
      return { failure: { cause: known ? cause : 'template', message: String(message) } };
    }
    if (typeof value.config === 'object' && Object.values(value.env).every(isText)) {
      return { config: value.config, env: value.env };
    }
  } catch {
    // Below.
  }
  return template('the templates gave no result');
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
