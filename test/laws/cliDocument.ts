/**
 * Makes the command reference of docs/cli.md from the declarations of the CLI. Write it anew with
 * `node --conditions=podline-source test/laws/cliDocument.ts --write`.
 */
import type { Command } from 'commander';
import { EXIT_MEANINGS } from '../../runtime/cli/exit.ts';
import { createProgram } from '../../runtime/cli/program.ts';
import { type MadePart, writeDocument } from './document.ts';

const script = 'test/laws/cliDocument.ts';
const WIDTH = 96;

export const cliReference: MadePart = {
  document: 'docs/cli.md',
  source: 'runtime/cli',
  script,
  make() {
    const program = createProgram(() => Promise.reject(new Error('only declared')));
    const codes = EXIT_MEANINGS.map(([code, meaning]) => `| ${code} | ${meaning} |`);
    return [
      '## Exit codes',
      ['| code | meaning |', '| --- | --- |', ...codes].join('\n'),
      '## Global options',
      block(helpOf(program)),
      ...commandsOf(program, 'podline').flatMap(({ name, command }) => [
        `## ${name}`,
        block(helpOf(command)),
      ]),
    ].join('\n\n');
  },
};

/** All commands that do something, in the order of the help. */
export function commandsOf(parent: Command, name: string): { name: string; command: Command }[] {
  return parent.commands.flatMap((command) => {
    const full = `${name} ${command.name()}`;
    return command.commands.length > 0 ? commandsOf(command, full) : [{ name: full, command }];
  });
}

function helpOf(command: Command): string {
  command.configureOutput({ getOutHelpWidth: () => WIDTH, getOutHasColors: () => false });
  command.configureHelp({ showGlobalOptions: false });
  return command.helpInformation();
}

function block(text: string): string {
  return `\`\`\`text\n${text.trim()}\n\`\`\``;
}

if (process.argv[1]?.endsWith(script) && process.argv.includes('--write')) {
  await writeDocument(cliReference);
}
