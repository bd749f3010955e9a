/**
 * Runs a program of components without an engine and records what it would create. Each suite runs twice: as an
 * update, and as the preview before it, in which no id and nothing that a cluster decides is known yet.
 */
import * as pulumi from '@pulumi/pulumi';
import type { MockMonitor } from '@pulumi/pulumi/runtime/mocks.js';
import { open, type Fields, UNKNOWN } from './inputs.ts';

export { at, type Fields, UNKNOWN } from './inputs.ts';

export const TWINS = ['update', 'preview'] as const;
export type Twin = (typeof TWINS)[number];

/** One resource that the program registered. */
export interface Child {
  urn: string;
  type: string;
  name: string;
  /** Name of the parent; empty for the stack. */
  parent: string;
  custom: boolean;
  /** Inputs with secrets opened, and UNKNOWN for what is not known. */
  inputs: Fields;
  /** Paths of the inputs that are marked secret: `data.url`. */
  secrets: string[];
  /** Names of the resources that it waits for. */
  after: string[];
  provider: string;
  protect: boolean;
  retainOnDelete: boolean;
  ignoreChanges: string[];
  aliases: string[];
  /** Longest wait for its creation: `600s`. */
  timeout: string;
}

export interface Recording<T> {
  value: T;
  children: Child[];
  /** All resources of a type, by its last part: `Deployment`. */
  all(kind: string): Child[];
  /** The only resource of a type, or the only one whose name ends so. */
  one(kind: string, ending?: string): Child;
}

/** Builds with mocks and waits until everything is registered. Throws what fails on the way. */
export async function record<T>(twin: Twin, build: () => T): Promise<Recording<T>> {
  const preview = twin === 'preview';
  await pulumi.runtime.setMocks(mocksOf(preview), 'project', 'stack', preview);
  const children: Child[] = [];
  follow(pulumi.runtime.getMonitor() as unknown as MockMonitor, children);
  const value = await withoutRejections(async () => {
    const built = build();
    await pulumi.runtime.disconnect();
    return built;
  });
  const all = (kind: string) => children.filter(({ type }) => type.split(':').pop() === kind);
  return {
    value,
    children,
    all,
    one(kind, ending = '') {
      const found = all(kind).filter(({ name }) => name.endsWith(ending));
      if (found.length === 1 && found[0]) return found[0];
      const there = children.map(({ type, name }) => `${type} ${name}`).join('\n  ');
      throw new Error(`${found.length} of ${kind} ${ending}; there are:\n  ${there}`);
    },
  };
}

/** The error that a program throws, at once or while values come in. */
export async function failure(twin: Twin, build: () => unknown): Promise<Error> {
  let made: Recording<unknown>;
  try {
    made = await record(twin, build);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error(`the program did not fail; it made ${made.children.length} resources`);
}

/** Value of an output; UNKNOWN, or a record with UNKNOWN in it, when it is not known yet. */
export async function read(output: unknown): Promise<unknown> {
  const [value, isKnown] = await inner(output);
  return isKnown || value !== undefined ? open(value, '', []) : UNKNOWN;
}

/** Whether an output is a secret. */
export async function isSecret(output: unknown): Promise<boolean> {
  const { isSecret: secret } = pulumi.output(output) as unknown as { isSecret: Promise<boolean> };
  return secret;
}

async function inner(output: unknown): Promise<[unknown, boolean]> {
  const wrapped = pulumi.output(output) as unknown as {
    promise(withUnknowns: boolean): Promise<unknown>;
    isKnown: Promise<boolean>;
  };
  return [await wrapped.promise(true), await wrapped.isKnown];
}

interface Timeouts {
  getCreate(): string;
}

/** The parts of a registration that tests look at; the SDK types it as anything. */
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getObject(): Parameters<typeof pulumi.runtime.deserializeProperties>[0];
  getDependenciesList(): string[];
  getProvider(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getIgnorechangesList(): string[];
  getAliasesList(): { getSpec(): { getName(): string } | undefined }[];
  getCustomtimeouts(): Timeouts | undefined;
}

function mocksOf(preview: boolean): pulumi.runtime.Mocks {
  return {
    call: ({ inputs }) => inputs as Record<string, unknown>,
    newResource: ({ type, name, inputs, custom }) => {
      if (custom === false) return { id: undefined, state: {} };
      const state = stateOf(type, name, inputs as Record<string, unknown>, preview);
      return { id: preview ? '' : `${name}-id`, state };
    },
  };
}

/** Listens to registrations, which say more than what mocks are told: parent, dependencies, options. */
function follow(monitor: MockMonitor, children: Child[]): void {
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = async (request: Request, callback) => {
    const secrets: string[] = [];
    const raw: unknown = pulumi.runtime.deserializeProperties(request.getObject(), true);
    const inputs = open(raw, '', secrets) as Fields;
    await register(request, (error: unknown, response: { getUrn(): string }) => {
      if (request.getType() !== 'pulumi:pulumi:Stack') {
        children.push({
          urn: error ? '' : response.getUrn(),
          type: request.getType(),
          name: request.getName(),
          parent: nameOf(request.getParent()),
          custom: request.getCustom(),
          inputs,
          secrets: secrets.sort(),
          after: [...new Set(request.getDependenciesList().map(nameOf))].sort(),
          provider: request.getProvider(),
          protect: request.getProtect(),
          retainOnDelete: request.getRetainondelete(),
          ignoreChanges: request.getIgnorechangesList(),
          aliases: request.getAliasesList().map((alias) => alias.getSpec()?.getName() ?? ''),
          timeout: request.getCustomtimeouts()?.getCreate() ?? '',
        });
      }
      callback(error, response);
    });
  };
}

/** What a provider answers: the inputs, the name that its check gave, and after an update what the cluster says. */
function stateOf(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  preview: boolean,
): Record<string, unknown> {
  if (type === 'pulumi:index:Stash' || type === 'pulumi:pulumi:Stash') {
    return preview ? {} : { ...inputs, output: inputs.input };
  }
  if (!type.startsWith('kubernetes:')) return inputs;
  const given = (inputs.metadata ?? {}) as Record<string, unknown>;
  const metadata = { namespace: 'default', name: `${name}-1a2b3c4d`, ...given };
  return { ...inputs, metadata, ...(preview ? {} : { status: {} }) };
}

function nameOf(urn: string): string {
  const type = urn.split('::')[2] ?? '';
  return type === 'pulumi:pulumi:Stack' ? '' : (urn.split('::').pop() ?? '');
}

/** A value that fails on its way into a resource shows as a rejection that nobody handles. */
async function withoutRejections<T>(work: () => Promise<T>): Promise<T> {
  const others = process.listeners('unhandledRejection');
  const rejections: unknown[] = [];
  const keep = (reason: unknown) => void rejections.push(reason);
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', keep);
  try {
    const value = await work();
    // Node reports a rejection after the tick in which it stayed unhandled.
    await new Promise((resolve) => setImmediate(resolve));
    if (rejections.length > 0) throw rejections[0];
    return value;
  } finally {
    process.off('unhandledRejection', keep);
    for (const listener of others) process.on('unhandledRejection', listener);
  }
}
