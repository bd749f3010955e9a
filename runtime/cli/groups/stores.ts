/** `podline pools|variables|connections ...`: declarations; the work is in cli/stores/. */
import type { Command } from 'commander';
import { type Does, whole } from '../declare.ts';

export function declareStores(program: Command, does: Does): void {
  declarePools(program, does);
  declareVariables(program, does);
  const connections = program
    .command('connections')
    .description('connections: from PODLINE_CONN_* and connections.json, never from the database');
  connections
    .command('list')
    .description('list names and where they come from, never values')
    .action(does(() => import('../stores/connections.ts').then((m) => m.listConnections)));
  connections
    .command('test')
    .description('try a connection; exit 1 when it does not work')
    .argument('<id>')
    .action(does(() => import('../stores/connections.ts').then((m) => m.tryConnection)));
}

function declarePools(program: Command, does: Does): void {
  const pools = program.command('pools').description('pools: how many tasks run at a time');
  pools
    .command('list')
    .description('list pools and how full they are')
    .action(does(() => import('../stores/pools.ts').then((m) => m.listPools)));
  pools
    .command('set')
    .description('make a pool, or change it')
    .argument('<name>')
    .argument('<slots>', 'how many; 0 stops its tasks', whole(0))
    .option('--description <text>')
    .action(does(() => import('../stores/pools.ts').then((m) => m.setPool)));
  pools
    .command('delete')
    .description('delete a pool that no task at work uses')
    .argument('<name>')
    .action(does(() => import('../stores/pools.ts').then((m) => m.deletePool)));
}

function declareVariables(program: Command, does: Does): void {
  const variables = program.command('variables').description('variables that tasks can read');
  variables
    .command('list')
    .description('list variables; those with secret-looking keys are hidden')
    .option('--after <key>', 'go on after this key')
    .option('--limit <n>', 'at most so many', whole(1, 10_000), 1000)
    .action(does(() => import('../stores/variables.ts').then((m) => m.listVariables)));
  variables
    .command('get')
    .description('print the value of a variable')
    .argument('<key>')
    .action(does(() => import('../stores/variables.ts').then((m) => m.getVariable)));
  variables
    .command('set')
    .description('set a variable')
    .argument('<key>')
    .argument('<value>', 'text, or with --parse JSON; - reads it from the input')
    .option('--parse', 'the value is JSON')
    .option('--description <text>')
    .action(does(() => import('../stores/variables.ts').then((m) => m.setVariable)));
  variables
    .command('delete')
    .description('delete a variable')
    .argument('<key>')
    .action(does(() => import('../stores/variables.ts').then((m) => m.deleteVariable)));
  variables
    .command('import')
    .description('set all variables of a JSON file, an object by key')
    .argument('<file>')
    .action(does(() => import('../stores/variables.ts').then((m) => m.importVariables)));
  variables
    .command('export')
    .description('write all variables, secret ones too, to a JSON file; without one to the output')
    .argument('[file]')
    .action(does(() => import('../stores/variables.ts').then((m) => m.exportVariables)));
}
