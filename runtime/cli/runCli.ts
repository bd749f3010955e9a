/**
 * One start of the CLI from arguments to exit code: finds the command, makes its session, reports errors,
 * closes what was opened. Called by main.ts.
 */
import path from 'node:path';
import type { Command } from 'commander';
import { VERSION } from '../version.ts';
import type { Load } from './declare.ts';
import type { GlobalOptions } from './program.ts';

type Anyhow = (session: unknown, args: unknown[], options: unknown) => Promise<number | void>;

export async function runCli(argv: string[]): Promise<void> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const { createProgram } = await import('./program.ts');
  let result = 0;
  const program = createProgram(async (load, command, args) => {
    result = await perform(load, command, args);
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    result = await reportUsage(error, program, argv);
  }
  await leave(result);
}

async function perform(load: Load, command: Command, args: unknown[]): Promise<number> {
  const { endQuietlyOnClosedPipe, reportError } = await import('./exit.ts');
  const options = command.optsWithGlobals<GlobalOptions>();
  const output = await makeOutput(options);
  const { Session } = await import('./session.ts');
  const { readConfig } = await import('../config.ts');
  let session: InstanceType<typeof Session> | undefined;
  try {
    const config = readConfig();
    if (options.database !== undefined) config.databaseUrl = options.database;
    if (options.home !== undefined) config.home = path.resolve(options.home);
    const { chosenServer } = await import('./where.ts');
    const name = commandName(command);
    const server = chosenServer(options, config, name);
    if (server !== null) config.server = server;
    const quiet = options.quiet === true;
    const opened = new Session({ output, config, quiet, server, command: name, exit });
    session = opened;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => opened.interrupt(signal));
    }
    for (const stream of [process.stdout, process.stderr]) {
      endQuietlyOnClosedPipe(stream, () => void opened.close().finally(() => exit(0)));
    }
    const fatal = (error: unknown) => {
      const code = reportError(error, output);
      void opened.close().finally(() => exit(code));
    };
    process.on('uncaughtException', fatal);
    process.on('unhandledRejection', fatal);
    const handler = await load();
    return (await (handler as Anyhow)(opened, args, command.opts())) ?? 0;
  } catch (error) {
    return reportError(error, output, options.verbose === true);
  } finally {
    await session?.close();
  }
}

async function reportUsage(error: unknown, program: Command, argv: string[]): Promise<number> {
  const { asPodlineErrors, exitCodeOf, reportError } = await import('./exit.ts');
  if (exitCodeOf(error) === 0) return 0;
  const { PodlineError } = await import('../../src/errors.ts');
  const output = await makeOutput({
    json: argv.includes('--json'),
    color: !argv.includes('--no-color'),
  });
  const [first] = asPodlineErrors(error);
  if (first?.code !== 'cli.usage') return reportError(error, output);
  const command = commandPath(program, argv);
  return reportError(new PodlineError('cli.usage', { ...first.details, command }), output);
}

function commandName(command: Command): string {
  const parent = command.parent?.parent ? `${commandName(command.parent)} ` : '';
  return `${parent}${command.name()}`;
}

/** The command that the arguments lead to, for "See `podline dags list --help`". */
function commandPath(program: Command, argv: string[]): string {
  const path: string[] = [];
  let at = program;
  for (const word of argv) {
    const next = at.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (!next) continue;
    path.push(next.name());
    at = next;
  }
  return path.join(' ');
}

async function makeOutput({ json, color }: Pick<GlobalOptions, 'json' | 'color'>) {
  const { createOutput } = await import('./output.ts');
  const env = color === false ? { ...process.env, NO_COLOR: '1' } : process.env;
  return createOutput({ stdout: process.stdout, stderr: process.stderr, env, json: json === true });
}

function exit(code: number): void {
  process.exit(code);
}

/** Writes to pipes may still be under way; an open handle of a library must not hold us up. */
async function leave(code: number): Promise<void> {
  process.exitCode = code;
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength > 0 && !stream.destroyed) {
      await new Promise<void>((resolve) => stream.write('', () => resolve()));
    }
  }
  process.exit(code);
}
