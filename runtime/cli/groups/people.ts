/** `podline users|tokens ...`: declarations; the work is in cli/people/. */
import { type Command, Option } from 'commander';
import { MOST_TOKEN_DAYS } from '../../../src/model/access.ts';
import { collect, type Does, whole } from '../declare.ts';

const ROLES = 'viewer, operator, deployer, editor or admin';
const PLACES = 'or with a place, such as operator:dag=ID or viewer:tag=TAG';
const ofDag = () => new Option('--dag <id>', 'for this DAG only').conflicts('tag');
const ofTag = () => new Option('--tag <tag>', 'for DAGs with this tag only');

export function declarePeople(program: Command, does: Does): void {
  declareUsers(program, does);
  declareTokens(program, does);
}

function declareUsers(program: Command, does: Does): void {
  const users = program.command('users').description('people who sign in to the webserver');
  users
    .command('list')
    .description('list users and what they may do')
    .action(does(() => import('../people/users.ts').then((m) => m.listUsers)));
  users
    .command('add')
    .description('add a user, and print a link to set the first password')
    .argument('<name>')
    .option('--role <role>', `${ROLES}, ${PLACES}; default: none yet`)
    .addOption(ofDag())
    .addOption(ofTag())
    .action(does(() => import('../people/users.ts').then((m) => m.addOne)));
  users
    .command('link')
    .description('print a link to set a new password; earlier links are void')
    .argument('<name>')
    .action(does(() => import('../people/users.ts').then((m) => m.linkOne)));
  users
    .command('grant')
    .description('give a role, or with --remove take it away')
    .argument('<name>')
    .argument('<role>', `${ROLES}, ${PLACES}`)
    .addOption(ofDag())
    .addOption(ofTag())
    .option('--remove', 'take it away')
    .action(does(() => import('../people/users.ts').then((m) => m.grantOne)));
  users
    .command('disable')
    .description('end the sessions of a user and stop their tokens')
    .argument('<name>')
    .action(does(() => import('../people/users.ts').then((m) => m.disableOne)));
  users
    .command('enable')
    .description('let a user that was disabled sign in again')
    .argument('<name>')
    .action(does(() => import('../people/users.ts').then((m) => m.enableOne)));
}

function declareTokens(program: Command, does: Does): void {
  const tokens = program.command('tokens').description('API tokens of users, for programs');
  tokens
    .command('list')
    .description('list tokens that are not revoked, never their secrets')
    .option('--user <name>', 'of this user only')
    .action(does(() => import('../people/tokens.ts').then((m) => m.listTokens)));
  tokens
    .command('create')
    .description('make a token and print it, this once')
    .argument('<name>', 'what it is for')
    .requiredOption('--user <name>', 'whose; the token never may more than its user')
    .requiredOption('--role <role>', `${ROLES}, ${PLACES}; may be repeated`, collect)
    .addOption(ofDag())
    .addOption(ofTag())
    .option('--expires <days>', 'days until it ends', whole(1, MOST_TOKEN_DAYS), 90)
    .action(does(() => import('../people/tokens.ts').then((m) => m.createOne)));
  tokens
    .command('revoke')
    .description('revoke a token: at once')
    .argument('<id>', 'number in the list', whole(1, Number.MAX_SAFE_INTEGER))
    .action(does(() => import('../people/tokens.ts').then((m) => m.revokeOne)));
}
