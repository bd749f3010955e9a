/** `podline db|build|dev|scheduler|worker|web|doctor|demo`: declarations of what concerns the whole installation. */
import { type Command, Option } from 'commander';
import { type Does, whole } from '../declare.ts';

export function declarePlatform(program: Command, does: Does): void {
  const db = program.command('db').description('the database: bring up to date, check, clean');
  db.command('migrate')
    .description('bring the schema to the version of this program, and make the roles')
    .option('--wait <seconds>', 'wait so long for the database to be there', whole(0, 86_400))
    .action(does(() => import('../db/migrate.ts').then((m) => m.migrateDatabase)));
  db.command('roles')
    .description('print the SQL that makes the roles beside the owner, with their passwords')
    .action(does(() => import('../db/roles.ts').then((m) => m.printRoles)));
  db.command('check')
    .description('check the invariants; exit 1 when one is broken')
    .action(does(() => import('../db/check.ts').then((m) => m.checkDatabase)));
  db.command('clean')
    .description('delete finished runs with all that hangs on them; the last run of a DAG stays')
    .addOption(new Option('--before <instant>', 'runs that ended before').conflicts('keep'))
    .addOption(new Option('--keep <duration>', 'runs that ended longer ago, such as 30d'))
    .option('--dry-run', 'only count')
    .action(does(() => import('../db/clean.ts').then((m) => m.cleanDatabase)));

  program
    .command('build')
    .description('check all DAG files of a folder; with --out write plans and bundles')
    .argument('<folder>')
    .option('--out <folder>', 'where to')
    .action(does(() => import('../build.ts').then((m) => m.build)));
  program
    .command('deploy')
    .description(
      'build a folder of DAGs, show what changes on the webserver of --server, and send it there',
    )
    .argument('<folder>')
    .option('--name <name>', 'whose DAGs these are, managed by api:NAME (default: the folder)')
    .option('--dry-run', 'only show what would change')
    .option('-y, --yes', 'do not ask')
    .action(does(() => import('../deploy.ts').then((m) => m.deploy)));
  program
    .command('dev')
    .description('run the engine here over a folder of DAGs, and take up changes as they are saved')
    .argument('<folder>')
    .option('--slots <n>', 'tasks at a time', whole(1, 1000))
    .action(does(() => import('../dev.ts').then((m) => m.dev)));
  program
    .command('scheduler')
    .description('run a scheduler with a local executor; several may share one database')
    .addOption(new Option('--slots <n>', 'tasks at a time').argParser(whole(1, 1000)))
    .addOption(
      new Option('--no-local', 'run no tasks here: only in pods and warm workers').conflicts(
        'slots',
      ),
    )
    .option('--dags <folder>', 'build and register this folder first')
    .action(does(() => import('../scheduler.ts').then((m) => m.scheduler)));
  program
    .command('worker')
    .description(
      'run a warm worker: tasks with the executor pool:NAME, each in a process of its own',
    )
    .requiredOption('--pool <name>', 'whose tasks')
    .option('--slots <n>', 'tasks at a time', whole(1, 1000))
    .option('--show-depth', 'only print how many tasks of the pool are queued or at work')
    .option('--manifest <image>', 'only print a Secret and a Deployment for `kubectl apply -f -`')
    .option('--database-address <host:port>', 'with --manifest: the database as pods see it')
    .action(does(() => import('../worker.ts').then((m) => m.worker)));
  program
    .command('web')
    .description('run the webserver: its API and health, on all addresses')
    .option('--port <n>', 'default: PODLINE_PORT, else 8080', whole(0, 65_535))
    .action(does(() => import('../web.ts').then((m) => m.web)));
  program
    .command('doctor')
    .description('check what podline needs here, and say what to do')
    .action(does(() => import('../doctor.ts').then((m) => m.doctor)));
  program
    .command('demo')
    .description('run the main example from nothing to its results')
    .action(does(() => import('../runDemo.ts').then((m) => m.demo)));
}
