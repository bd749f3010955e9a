/** `podline dags ...`: declarations; the work is in cli/dags/. */
import { Argument, type Command, Option } from 'commander';
import { collect, type Does, whole } from '../declare.ts';

export function declareDags(program: Command, does: Does): void {
  const dags = program
    .command('dags')
    .description('DAGs that are registered: look, trigger, pause, backfill, register');
  dags
    .command('list')
    .description('list DAGs with their schedule, next run and last run')
    .option('--tag <tag>', 'only DAGs with this tag')
    .option('--paused', 'only paused DAGs')
    .option('--inactive', 'also DAGs that are no longer in their folder')
    .option('--after <dag>', 'go on after this id')
    .option('--limit <n>', 'at most so many', whole(1, 10_000), 1000)
    .action(does(() => import('../dags/list.ts').then((m) => m.listDags)));
  dags
    .command('show')
    .description('show a DAG: schedule, params, limits, tasks')
    .argument('<dag>')
    .action(does(() => import('../dags/show.ts').then((m) => m.showDag)));
  dags
    .command('trigger')
    .description('start a run')
    .argument('<dag>')
    .option('--param <name=value>', 'one param; may be repeated', collect)
    .addOption(
      new Option('--params <json>', 'all params as a JSON object; @FILE or @- reads it').conflicts(
        'param',
      ),
    )
    .option('--logical-date <instant>', 'default: now')
    .option('--run-id <id>', 'default: manual__<logical date>')
    .option('--note <text>', 'kept with the run')
    .option('--watch', 'wait for its end and show progress; exit 1 unless it succeeds')
    .action(does(() => import('../dags/trigger.ts').then((m) => m.triggerDag)));
  dags
    .command('pause')
    .description('start no new runs and tasks; what runs goes on')
    .argument('<dags...>')
    .action(does(() => import('../dags/pause.ts').then((m) => m.pauseDags)));
  dags
    .command('unpause')
    .description('let it run again')
    .argument('<dags...>')
    .action(does(() => import('../dags/pause.ts').then((m) => m.unpauseDags)));
  dags
    .command('backfill')
    .description('run a DAG for every tick of a range')
    .argument('<dag>')
    .requiredOption('--from <instant>', 'first logical date')
    .requiredOption('--to <instant>', 'last logical date')
    .option('--dry-run', 'only say what would be done')
    .option('--reverse', 'newest first')
    .addOption(
      new Option('--reprocess <which>', 'ticks that have a run already: leave or run again')
        .choices(['none', 'failed', 'all'])
        .default('none'),
    )
    .option('--max-active-runs <n>', 'runs at a time', whole(1, 1000), 4)
    .option('--param <name=value>', 'one param of all runs; may be repeated', collect)
    .addOption(
      new Option('--params <json>', 'all params as a JSON object; @FILE or @- reads it').conflicts(
        'param',
      ),
    )
    .option('--watch', 'wait for its end and show progress; exit 1 unless all runs succeed')
    .action(does(() => import('../dags/backfill.ts').then((m) => m.backfillDag)));
  dags
    .command('register')
    .description(
      'register what `podline build --out` wrote: a folder, a tar.gz of it, or its pieces',
    )
    .argument('<build>', 'folder, FILE.tar.gz, or folder with bundle.000, bundle.001, ...')
    .option('--managed-by <owner>', 'who looks after these DAGs, such as pulumi:etl', 'local')
    .option('--wait <seconds>', 'wait so long for the database at this version', whole(0, 86_400))
    .option('--allow-empty', 'a build without DAGs sets all of its owner aside')
    .action(does(() => import('../dags/register.ts').then((m) => m.registerFolder)));
  dags
    .command('next')
    .description('show the next ticks of the schedule, in its time zone and in UTC')
    .addArgument(new Argument('<dag>'))
    .option('--count <n>', 'how many', whole(1, 1000), 5)
    .action(does(() => import('../dags/next.ts').then((m) => m.nextTicks)));
}
