/** `podline runs ...`: declarations; the work is in cli/runs/. RUN is a run id or `latest`. */
import { Argument, type Command, Option } from 'commander';
import { RUN_STATES } from '../../../src/model/states.ts';
import { collect, type Does, whole } from '../declare.ts';

export function declareRuns(program: Command, does: Does): void {
  const runs = program
    .command('runs')
    .description('runs of DAGs: look, watch, cancel, clear, mark');
  runs
    .command('list')
    .description('list runs, newest first')
    .argument('[dag]')
    .addOption(new Option('--state <state>', 'only runs in this state').choices([...RUN_STATES]))
    .option('--before <number>', 'go on before the run with this number', whole(1, 2 ** 53))
    .option('--limit <n>', 'at most so many', whole(1, 10_000), 25)
    .action(does(() => import('../runs/list.ts').then((m) => m.listRuns)));
  runs
    .command('show')
    .description('show a run: its tasks, their states, causes, and what they wait for')
    .argument('<dag>')
    .argument('<run>')
    .option('--limit <n>', 'at most so many task instances', whole(1, 100_000), 200)
    .action(does(() => import('../runs/show.ts').then((m) => m.showRun)));
  runs
    .command('watch')
    .description('show progress until the run ends; exit 0 only when it succeeds')
    .argument('<dag>')
    .argument('<run>')
    .action(does(() => import('../runs/watch.ts').then((m) => m.watch)));
  runs
    .command('cancel')
    .description('stop a run and its tasks')
    .argument('<dag>')
    .argument('<run>')
    .action(does(() => import('../runs/change.ts').then((m) => m.cancelRun)));
  runs
    .command('clear')
    .description('run tasks of a run again; without --task all of them')
    .argument('<dag>')
    .argument('<run>')
    .option('--task <task>', 'only this task; may be repeated', collect, [])
    .option('--upstream', 'and everything before it')
    .option('--downstream', 'and everything after it')
    .option('--only-failed', 'leave those that did not fail')
    .option('--latest', 'on the newest version of the DAG')
    .option('--dry-run', 'only say what would run again')
    .action(does(() => import('../runs/change.ts').then((m) => m.clearRun)));
  runs
    .command('mark')
    .description('set the state by hand, of the run or of one task')
    .argument('<dag>')
    .argument('<run>')
    .addArgument(new Argument('<state>').choices(['success', 'failed']))
    .option('--task <task>', 'only this task; may be repeated', collect, [])
    .option('--map-index <n>', 'only this instance of a mapped task', whole(0))
    .action(does(() => import('../runs/change.ts').then((m) => m.markRun)));
}
