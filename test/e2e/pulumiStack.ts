/**
 * One stack of one Pulumi project on the real engine, driven by the CLI as users do. State lies in a file below a temporary
 * folder. What the engine says about each resource comes from its event log.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { findTools, type E2eTools } from './tools.ts';

export interface StackOptions {
  /** Folder of the Pulumi.yaml. */
  project: string;
  stack: string;
  /** Folder for state, configuration and logs. */
  folder: string;
  /** Of an administrator of the cluster that the default provider talks to. */
  kubeconfig: string;
  config?: Record<string, string>;
  secrets?: Record<string, string>;
  env?: Record<string, string>;
}

/** What happens to one resource, or would. */
export interface Change {
  /** create, update, delete, replace, ...; `same` is left out. */
  op: string;
  type: string;
  name: string;
  urn: string;
  /** URN of the parent; empty for the stack. */
  parent: string;
  /** Paths of the inputs that differ. */
  diff: string[];
}

export interface Outcome {
  seconds: number;
  changes: Change[];
  /** Resources by what happened to them, as the summary of the engine counts them. */
  counts: Record<string, number>;
  /** What people would have seen. */
  said: string;
}

interface StepMetadata {
  op: string;
  type: string;
  urn: string;
  diffs?: string[] | null;
  detailedDiff?: Record<string, unknown> | null;
  old?: { inputs?: Record<string, unknown> | null } | null;
  new?: { inputs?: Record<string, unknown> | null; parent?: string } | null;
}

interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
  summaryEvent?: { resourceChanges?: Record<string, number> | null };
}

type Verb = 'up' | 'preview' | 'destroy' | 'refresh';

export class PulumiStack {
  readonly options: StackOptions;
  readonly #tools: E2eTools;
  #runs = 0;

  private constructor(options: StackOptions, tools: E2eTools) {
    this.options = options;
    this.#tools = tools;
  }

  static async create(options: StackOptions): Promise<PulumiStack> {
    const stack = new PulumiStack(options, await findTools());
    await fs.mkdir(path.join(options.folder, 'state'), { recursive: true });
    await stack.run('stack', 'init', options.stack);
    // The engine notes the salt of the passphrase beside the project; that is the source tree here.
    const beside = path.join(options.project, `Pulumi.${options.stack}.yaml`);
    await fs.copyFile(beside, stack.#configFile);
    await fs.rm(beside);
    await stack.configure(options.config ?? {}, options.secrets);
    return stack;
  }

  get #configFile(): string {
    return path.join(this.options.folder, `Pulumi.${this.options.stack}.yaml`);
  }

  async configure(
    config: Record<string, string>,
    secrets: Record<string, string> = {},
  ): Promise<void> {
    const pairs = (values: Record<string, string>, flag: string) =>
      Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
    const all = [...pairs(config, '--plaintext'), ...pairs(secrets, '--secret')];
    if (all.length === 0) return;
    await this.run('config', 'set-all', ...this.#which, ...all);
  }

  up(...flags: string[]): Promise<Outcome> {
    return this.#operate('up', ['--yes', '--skip-preview', ...flags]);
  }

  preview(...flags: string[]): Promise<Outcome> {
    return this.#operate('preview', flags);
  }

  refresh(...flags: string[]): Promise<Outcome> {
    return this.#operate('refresh', ['--yes', '--skip-preview', ...flags]);
  }

  destroy(...flags: string[]): Promise<Outcome> {
    return this.#operate('destroy', ['--yes', '--skip-preview', ...flags]);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const text = await this.run('stack', 'output', '--json', '--stack', this.options.stack);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** The file of the state as it lies on disk. */
  async state(): Promise<string> {
    const folder = path.join(this.options.folder, 'state/.pulumi/stacks');
    const files = await fs.readdir(folder, { recursive: true });
    const name = files.find((each) => path.basename(each) === `${this.options.stack}.json`);
    if (name === undefined) throw new Error(`${folder} has no state of ${this.options.stack}`);
    return fs.readFile(path.join(folder, name), 'utf8');
  }

  get #which(): string[] {
    return ['--stack', this.options.stack, '--config-file', this.#configFile];
  }

  async #operate(verb: Verb, flags: string[]): Promise<Outcome> {
    const log = path.join(this.options.folder, `${this.options.stack}-${++this.#runs}-${verb}.log`);
    const started = performance.now();
    const said = await this.run(verb, ...this.#which, '--event-log', log, ...flags);
    const seconds = (performance.now() - started) / 1000;
    return { seconds, said, ...(await readEvents(log)) };
  }

  /** Output of the CLI; what it said is in the error when it fails. */
  run(...args: string[]): Promise<string> {
    const { project, folder, kubeconfig, env } = this.options;
    const child = spawn(this.#tools.pulumi, [...args, '--non-interactive', '--color', 'never'], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...this.#tools.env,
        KUBECONFIG: kubeconfig,
        PULUMI_BACKEND_URL: `file://${path.join(folder, 'state')}`,
        PULUMI_CONFIG_PASSPHRASE: 'of a test',
        // The flag that writes the event log is hidden behind it.
        PULUMI_DEBUG_COMMANDS: 'true',
        ...env,
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve(said);
        else reject(new PulumiError(`pulumi ${args[0] ?? ''} ended with ${code}:\n${said}`));
      });
    });
  }
}

/** The engine refused or failed; the message is what it said. */
export class PulumiError extends Error {}

async function readEvents(file: string): Promise<Pick<Outcome, 'changes' | 'counts'>> {
  const lines = (await fs.readFile(file, 'utf8')).split('\n').filter(Boolean);
  const changes: Change[] = [];
  let counts: Record<string, number> = {};
  for (const line of lines) {
    const { resourcePreEvent, summaryEvent } = JSON.parse(line) as EngineEvent;
    if (summaryEvent?.resourceChanges) counts = summaryEvent.resourceChanges;
    const step = resourcePreEvent?.metadata;
    if (step === undefined || step.op === 'same') continue;
    const { op, type, urn } = step;
    const name = urn.slice(urn.lastIndexOf('::') + 2);
    const parent = step.new?.parent ?? '';
    changes.push({ op, type, name, urn, parent, diff: diffOf(step) });
  }
  return { changes, counts };
}

/** A provider says what differs; for a component, which has none, the inputs do. */
function diffOf(step: StepMetadata): string[] {
  const said = Object.keys(step.detailedDiff ?? {});
  if (said.length > 0) return said;
  if (step.op !== 'update') return step.diffs ?? [];
  const [before, after] = [step.old?.inputs ?? {}, step.new?.inputs ?? {}];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .sort();
}
