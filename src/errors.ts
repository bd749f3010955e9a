/**
 * The registry of every error that a user can meet: stable code, words, remedy. Thrown as
 * PodlineError by build, CLI, scheduler and worker; docs/errors.md lists the same codes (tested).
 * `{name}` in a text is filled from the details given when the error is made.
 */

import { AUTH_ERRORS } from './authErrors.ts';
import { type ErrorEntry, input } from './errorEntry.ts';
import { WEB_ERRORS } from './webErrors.ts';

export type { ErrorEntry };

export const ERRORS = {
  // --- authoring and build
  'dag.bad_id': input(
    'The {what} id {id} is not allowed: {reason}.',
    'Use 1 to 200 characters: letters, digits, "_", "-" and, between groups, "."; start with a letter or digit.',
  ),
  'dag.duplicate_id': input(
    'DAG {dag} has two {what}s with the id "{id}".',
    'Give each one its own id.',
  ),
  'dag.duplicate_dag': input(
    'Two DAGs have the id "{dag}": in {first} and in {second}.',
    'Rename one of them; a DAG id is unique in a bundle.',
  ),
  'dag.empty': input('DAG {dag} has no tasks.', 'Add at least one task with d.task(...).'),
  'dag.cycle': input(
    'DAG {dag} has a cycle: {path}.',
    'Remove one of these edges; a task cannot wait for itself.',
  ),
  'dag.unknown_task': input(
    'Task {task} of DAG {dag} refers to {ref}, which is no task of this DAG.',
    'Use the id of a task of the same DAG; known ids are {known}.',
  ),
  'dag.not_upstream': input(
    'Task {task} of DAG {dag} reads the output of {ref}, which does not run before it.',
    'Pass the output as an input, or add {ref} to `after`.',
  ),
  'dag.foreign_task': input(
    'Task {task} of DAG {dag} is wired to task {ref} of DAG {other}.',
    'Wire tasks of one DAG; use sensor.externalRun to wait for another DAG.',
  ),
  'dag.too_large': input(
    'DAG {dag} has {count} {what}, more than the limit of {limit}.',
    'Split the DAG, or map one task over a list.',
  ),
  'dag.bad_option': input('{where}: {problem}.', '{remedy}'),
  'dag.bad_schedule': input(
    'DAG {dag} has a bad schedule {schedule}: {reason}.',
    'Use a five-field cron expression, a preset such as "@daily", { every: "6h" }, "@once", "@continuous" or null.',
  ),
  'dag.bad_timezone': input(
    'DAG {dag} has an unknown time zone "{timezone}".',
    'Use a name of the IANA database, such as "Europe/Berlin".',
  ),
  'dag.bad_params': input(
    'The params of DAG {dag} are no valid JSON Schema: {reason}.',
    'Declare params as an object of JSON Schema (draft 2020-12) properties.',
  ),
  'dag.bad_template': input(
    'Task {task} of DAG {dag} has a template that does not parse: {reason}.',
    'Correct the template in {where}; docs/templates.md lists what it can say.',
  ),
  'dag.not_json': input(
    '{where} holds {what}, which is no JSON.',
    'Use null, booleans, finite numbers, strings, arrays and plain objects.',
  ),
  'dag.file_missing': input(
    'Task {task} of DAG {dag} names the file {file}, which does not exist beside {dagFile}.',
    'Write the path relative to the DAG file.',
  ),
  'build.failed': input('{file}:{line}: {reason}', 'Correct the file and save it again.'),
  'build.timeout': input(
    '{file} did not finish loading within {seconds} s.',
    'A DAG file only declares; move work, waiting and network calls into tasks.',
  ),
  'build.crashed': input(
    '{file} ended the build process ({reason}).',
    'A DAG file only declares; look for process.exit, endless loops or huge values at its top level.',
  ),
  'build.no_dags': input(
    'No DAGs were found in {folder}.',
    'Export a DAG made by dag(...) from a .ts file in this folder.',
  ),
  'build.no_export': input(
    '{file} imports podline/dag but exports no DAG.',
    'Export the DAG: `export const name = dag(...)`.',
  ),
  'build.unreadable': input(
    '{what} cannot be taken as a build: {reason}.',
    'Write it with `podline build FOLDER --out OUT` of the same version, and hand on the whole of OUT.',
  ),
  // --- input at run time
  'run.bad_params': input(
    'The params of DAG {dag} do not fit its schema: {reason}.',
    'Run `podline dags show {dag}` to see the params it takes.',
  ),
  'run.bad_logical_date': input(
    'The logical date {value} is not an ISO 8601 date with time.',
    'Write it like 2026-01-31T06:00:00Z.',
  ),
  'run.exists': {
    message: 'DAG {dag} already has a run {run}.',
    remedy: 'Choose another logical date or run id, or clear the run that exists.',
    exit: 5,
    retryable: false,
  },
  'run.finished': {
    message: 'Run {run} of DAG {dag} is already {state}.',
    remedy: 'Clear it to run it again.',
    exit: 5,
    retryable: false,
  },
  'backfill.bad_range': input(
    'The backfill range {from} to {to} is not usable: {reason}.',
    'Give two ISO 8601 instants, the first before the second, for a DAG with a schedule.',
  ),
  'not_found.dag': {
    message: 'There is no DAG "{dag}".',
    remedy: '`podline dags list` shows the DAGs that are registered.',
    exit: 3,
    retryable: false,
  },
  'not_found.run': {
    message: 'DAG {dag} has no run "{run}".',
    remedy: '`podline runs list {dag}` shows its runs.',
    exit: 3,
    retryable: false,
  },
  'not_found.task': {
    message: 'There is no task "{task}" in {where}.',
    remedy: '`podline tasks list` shows the tasks.',
    exit: 3,
    retryable: false,
  },
  'not_found.connection': {
    message: 'The connection "{connection}" is not defined.',
    remedy:
      'Set PODLINE_CONN_{variable} to its URI, or add it to .podline/connections.json; `podline connections list` shows what is known.',
    exit: 3,
    retryable: false,
  },
  'not_found.variable': {
    message: 'The variable "{variable}" is not set.',
    remedy: 'Set it with `podline variables set {variable} VALUE`.',
    exit: 3,
    retryable: false,
  },
  'not_found.cluster': {
    message: 'No cluster "{cluster}" is configured; known are {known}.',
    remedy: 'Use one of these names, or add it to the file that PODLINE_CLUSTERS names.',
    exit: 3,
    retryable: false,
  },
  'not_found.clusters': {
    message: 'No cluster is configured.',
    remedy:
      'Set PODLINE_CLUSTERS to a file of clusters, or PODLINE_KUBECONFIG, PODLINE_NAMESPACE and PODLINE_IMAGE for one.',
    exit: 3,
    retryable: false,
  },
  'not_found.pool': {
    message: 'There is no pool "{pool}".',
    remedy: 'Make it with `podline pools set {pool} SLOTS`.',
    exit: 3,
    retryable: false,
  },
  // --- worker
  'task.exit_code': {
    message: 'The process ended with exit code {code}.',
    remedy: 'The log of the attempt has its last lines.',
    exit: 1,
    retryable: true,
  },
  'task.signal': {
    message: 'The process was ended by {signal}.',
    remedy: 'Look for memory limits, timeouts or someone who stopped it.',
    exit: 1,
    retryable: true,
  },
  'task.error': {
    message: '{reason}',
    remedy: 'The log of the attempt has the stack trace.',
    exit: 1,
    retryable: true,
  },
  'task.timeout': {
    message: 'The task ran longer than its execution timeout of {seconds} s and was stopped.',
    remedy: 'Raise executionTimeout or make the task faster.',
    exit: 1,
    retryable: true,
  },
  'task.template': {
    message: 'A template of task {task} could not be rendered: {reason}.',
    remedy: '`podline tasks render` shows the templates of a task instance.',
    exit: 1,
    retryable: false,
  },
  'task.unknown_operator': {
    message: 'The operator "{operator}" is not known to this worker.',
    remedy: 'Install the package that brings it, {module}, in the image or project.',
    exit: 1,
    retryable: false,
  },
  'task.missing_program': {
    message: 'The program "{program}" is not installed where the task runs.',
    remedy: 'Install it, or choose an image that has it.',
    exit: 1,
    retryable: false,
  },
  'task.bad_config': {
    message: 'Task {task}: {problem}.',
    remedy: 'Correct the config of the task.',
    exit: 1,
    retryable: false,
  },
  'task.check_failed': {
    message: 'The data-quality check failed: {reason}.',
    remedy: 'Look at the data, or change the expectation.',
    exit: 1,
    retryable: true,
  },
  'xcom.too_large': {
    message: 'The output of {task} has {bytes} bytes, more than the limit of {limit}.',
    remedy: 'Write large data to a file, table or object store and pass its address.',
    exit: 1,
    retryable: false,
  },
  'xcom.not_json': {
    message: 'The output of {task} is no JSON: {reason}.',
    remedy: 'Return null, booleans, finite numbers, strings, arrays and plain objects.',
    exit: 1,
    retryable: false,
  },
  'xcom.missing': {
    message: 'Task {task} needs the output "{key}" of {ref}, which has none at {path}.',
    remedy: 'Let {ref} return it, or write `.output.optional()` to get null instead.',
    exit: 1,
    retryable: false,
  },
  'map.not_a_list': {
    message: 'Task {task} is mapped over {ref}, which is {what} and not a list or mapping.',
    remedy: 'Return a JSON array or object from {ref}.',
    exit: 1,
    retryable: false,
  },
  'map.too_long': {
    message: 'Task {task} would become {count} instances, more than its limit of {limit}.',
    remedy: 'Raise maxMapLength or map over batches.',
    exit: 1,
    retryable: false,
  },
  'map.unequal': {
    message: 'Task {task} zips lists of different lengths: {lengths}.',
    remedy: 'Make the lists equally long, or combine them as a product.',
    exit: 1,
    retryable: false,
  },
  // --- platform
  'database.unreachable': {
    message: 'The database at {where} cannot be reached: {reason}.',
    remedy: 'Check DATABASE_URL and that PostgreSQL runs; `podline doctor` tells more.',
    exit: 4,
    retryable: true,
  },
  'database.not_migrated': {
    message: 'The database schema is at {found}, this version of podline needs {needed}.',
    remedy: 'Run `podline db migrate`.',
    exit: 4,
    retryable: false,
  },
  'database.too_new': {
    message:
      'The database schema is at {found}, newer than this version of podline knows ({needed}).',
    remedy: 'Use the newer version of podline.',
    exit: 4,
    retryable: false,
  },
  'database.roles_missing': {
    message: 'The login {owner} may not make roles in the database, and {roles} is not there.',
    remedy:
      'Run what `podline db roles` prints as an administrator of the server, or give {owner} the right CREATEROLE; then migrate again.',
    exit: 4,
    retryable: false,
  },
  'database.role_unusable': {
    message: 'The database role {role} was made by somebody else, and {reason}.',
    remedy:
      'It must be able to log in, with the name and the password that `podline db roles` prints, and have no rights of its own.',
    exit: 4,
    retryable: false,
  },
  'demo.database': {
    message: 'The embedded database in {folder} does not work: {reason}.',
    remedy:
      'Remove that folder and start again: it holds local runs only. Or set DATABASE_URL to another PostgreSQL.',
    exit: 4,
    retryable: false,
  },
  'config.bad_value': input('{name} is {value}: {reason}.', 'Correct the environment variable.'),
  'cluster.bad_config': input(
    'The configuration of clusters is not usable: {file}{place} {reason}.',
    'Correct it; docs/clusters.md lists what it can say.',
  ),
  'pod.refused': input(
    'The pod of task {task} is not one that cluster {cluster} takes: {reason}.',
    'Correct `pod` of the task or the template of the cluster; `podline tasks pod DAG TASK` shows the whole pod.',
  ),
  'connection.bad': input(
    'The connection "{connection}" cannot be read: {reason}.',
    'Write a URI such as postgresql://user:password@host:5432/db, or an object with type, host, port, login, password, schema and extra.',
  ),
  'cli.usage': input('{reason}', 'See `podline {command} --help`.'),
  'refused.managed': {
    message: 'DAG {dag} is managed by {owner}.',
    remedy:
      'Change it there. To move it, take it out there first: once it is set aside, others may take it.',
    exit: 5,
    retryable: false,
  },
  'refused.pool': {
    message: 'The pool "{pool}" cannot be deleted: {reason}.',
    remedy: '`podline pools list` shows how full it is; `podline pools set {pool} 0` closes it.',
    exit: 5,
    retryable: true,
  },
  ...WEB_ERRORS,
  ...AUTH_ERRORS,
  'refused.task': {
    message: 'Priority and pool of task {task} cannot be changed: it is {state}, {reason}.',
    remedy: '{remedy}',
    exit: 5,
    retryable: false,
  },
  'internal.bug': {
    message: 'Something went wrong inside podline: {reason}.',
    remedy: 'Please report it with the output of `podline doctor`.',
    exit: 70,
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

type Details = Record<string, string | number | boolean | null | undefined>;

function fill(text: string, details: Details): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(details, name) ? String(details[name]) : whole,
  );
}

/** An error with a code of the registry. `message` is one line: code, words and remedy. */
export class PodlineError extends Error {
  readonly code: ErrorCode;
  readonly details: Details;
  readonly problem: string;
  readonly remedy: string;

  constructor(code: ErrorCode, details: Details = {}, options?: ErrorOptions) {
    const problem = fill(ERRORS[code].message, details);
    const remedy = fill(ERRORS[code].remedy, details);
    super(`${code}: ${problem} ${remedy}`, options);
    this.name = 'PodlineError';
    this.code = code;
    this.details = details;
    this.problem = problem;
    this.remedy = remedy;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }

  toJSON() {
    return {
      code: this.code,
      message: this.problem,
      remedy: this.remedy,
      details: this.details,
    };
  }
}

/** Several problems found in one go, so that an author sees all of them at once. */
export class PodlineErrors extends Error {
  readonly errors: PodlineError[];

  constructor(errors: PodlineError[]) {
    super(errors.map((error) => error.message).join('\n'));
    this.name = 'PodlineErrors';
    this.errors = errors;
  }
}
