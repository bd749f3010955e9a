/**
 * The command tree of `podline`: global options and the groups. Declarations alone, so that help and
 * usage errors load nothing else. Made by runCli.ts; docs/cli.md is made from it.
 */
import { Command } from 'commander';
import { doesWith, type Perform } from './declare.ts';
import { declareClusters } from './groups/clusters.ts';
import { declareDags } from './groups/dags.ts';
import { declarePeople } from './groups/people.ts';
import { declarePlatform } from './groups/platform.ts';
import { declareRuns } from './groups/runs.ts';
import { declareStores } from './groups/stores.ts';
import { declareTasks } from './groups/tasks.ts';
import { VERSION } from '../version.ts';

export interface GlobalOptions {
  database?: string;
  server?: string;
  home?: string;
  json?: boolean;
  color?: boolean;
  quiet?: boolean;
  verbose?: boolean;
}

const AFTER = `
Exit codes: 0 done, 1 the work failed, 2 bad input, 3 not found, 4 unreachable, 5 refused,
70 a bug inside podline. RUN may be "latest". Instants are ISO 8601, such as 2026-01-31T06:00:00Z.`;

export function createProgram(perform: Perform): Command {
  const program = new Command('podline')
    .description('Workflow orchestrator for Kubernetes: typed DAGs, one pod per task.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('--database <url>', 'PostgreSQL to use (default: DATABASE_URL, else embedded)')
    .option(
      '--server <url>',
      'webserver to work through instead of a database (default: PODLINE_SERVER); its API token is PODLINE_API_TOKEN',
    )
    .option('--home <folder>', 'embedded data, caches, connections.json (default: .podline)')
    .option('--json', 'one JSON document on stdout; errors as JSON on stderr')
    .option('--no-color', 'plain text (so does NO_COLOR)')
    .option('-q, --quiet', 'only results and errors')
    .option('--verbose', 'the stack of an error, too')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help of a command')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .addHelpText('after', AFTER)
    .exitOverride()
    // Errors are reported by runCli.ts in the words and with the codes of the registry.
    .configureOutput({ outputError: () => {} });
  const does = doesWith(perform);
  declareDags(program, does);
  declareRuns(program, does);
  declareTasks(program, does);
  declareStores(program, does);
  declareClusters(program, does);
  declarePeople(program, does);
  declarePlatform(program, does);
  return program;
}
