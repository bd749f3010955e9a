/** `podline tasks ...`: declarations; the work is in cli/tasks/. */
import { type Command, Option } from 'commander';
import { collect, type Does, whole } from '../declare.ts';

export function declareTasks(program: Command, does: Does): void {
  const tasks = program
    .command('tasks')
    .description('tasks: look, read logs, try one out, run again');
  tasks
    .command('list')
    .description('list the tasks of a DAG')
    .argument('<dag>')
    .action(does(() => import('../tasks/list.ts').then((m) => m.listTasks)));
  tasks
    .command('show')
    .description('show a task of a run: attempts, causes, outputs')
    .argument('<dag>')
    .argument('<run>')
    .argument('<task>')
    .option('--limit <n>', 'at most so many attempts and outputs', whole(1, 100_000), 100)
    .action(does(() => import('../tasks/show.ts').then((m) => m.showTask)));
  tasks
    .command('logs')
    .description('print the log of a task of a run, and of other containers of its pod')
    .argument('<dag>')
    .argument('<run>')
    .argument('<task>')
    .option('--map-index <n>', 'which instance of a mapped task', whole(0))
    .option('--attempt <n>', 'which attempt (default: the last)', whole(1))
    .option('--container <name>', 'one container of the pod alone (default: all)')
    .option('-f, --follow', 'go on until the task ends; with --json one JSON object a line')
    .action(does(() => import('../tasks/logs.ts').then((m) => m.showLogs)));
  tasks
    .command('output')
    .description('print one output of a task of a run, whole, as JSON')
    .argument('<dag>')
    .argument('<run>')
    .argument('<task>')
    .option('--key <key>', 'which output', 'return_value')
    .option('--map-index <n>', 'which instance of a mapped task', whole(0))
    .action(does(() => import('../tasks/output.ts').then((m) => m.printOutput)));
  const trial = (name: string, description: string) =>
    tasks
      .command(name)
      .description(description)
      .argument('<dag>')
      .argument('<task>')
      .option('--logical-date <instant>', 'default: now')
      .option('--param <name=value>', 'one param; may be repeated', collect)
      .addOption(
        new Option('--params <json>', 'all params as JSON; @FILE or @- reads it').conflicts(
          'param',
        ),
      )
      .option('--map-index <n>', 'as this instance of a mapped task', whole(0))
      .option('--run <run>', 'where outputs of other tasks come from', 'latest');
  trial('test', 'run one task right here, print its log and output, record nothing').action(
    does(() => import('../tasks/test.ts').then((m) => m.testTask)),
  );
  trial('render', 'show the config and environment of a task with templates rendered').action(
    does(() => import('../tasks/render.ts').then((m) => m.renderTask)),
  );
  trial('pod', 'show the pod that a task would get, and what a cluster would refuse about it')
    .option('--cluster <name>', 'in this cluster (default: that of the task)')
    .action(does(() => import('../tasks/pod.ts').then((m) => m.showPod)));
  tasks
    .command('clear')
    .description('run one task of a run again, and everything after it')
    .argument('<dag>')
    .argument('<run>')
    .argument('<task>')
    .option('--map-index <n>', 'only this instance of a mapped task', whole(0))
    .option('--alone', 'not what comes after it')
    .option('--latest', 'on the newest version of the DAG')
    .action(does(() => import('../runs/change.ts').then((m) => m.clearTask)));
}
