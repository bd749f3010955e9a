/**
 * `podline deploy`: builds a folder of DAGs, shows what the webserver says it would change, asks, and sends it. Needs no
 * database and no Pulumi: a token of the role `deployer` over these DAGs is enough.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { create } from 'tar';
import { PodlineError } from '../../src/errors.ts';
import { buildFolder } from '../build/buildFolder.ts';
import type { BuildResult } from '../build/types.ts';
import { writeBuild } from '../build/writeBuild.ts';
import { count } from '../explain/human.ts';
import type { Schemas } from '../web/client/client.ts';
import { printBuildErrors } from './buildErrors.ts';
import { EXIT } from './exit.ts';
import { checkFolder, usage } from './input.ts';
import type { Output } from './output.ts';
import { told } from './remote/answers.ts';
import { Connection } from './remote/connection.ts';
import type { Session } from './session.ts';

interface Options {
  name?: string;
  dryRun?: boolean;
  yes?: boolean;
}

type Deployed = Schemas['Deployed'];

const SIGNS = { new: '+', changed: '~', unchanged: ' ', removed: '-' } as const;

export async function deploy(
  session: Session,
  [folder]: readonly [string],
  options: Options,
): Promise<number> {
  const { output, config } = session;
  const { server } = config;
  if (server === null) throw usage('Say where to: --server URL, or PODLINE_SERVER.', 'deploy');
  const root = await checkFolder(folder);
  const name = options.name ?? path.basename(root);
  const build = await buildFolder(root);
  if (build.errors.length > 0) {
    printBuildErrors(output, build.errors);
    output.note(`${count(build.errors.length, 'error')}; nothing was deployed.`);
    return EXIT.badInput;
  }
  if (build.dags.length === 0) throw new PodlineError('build.no_dags', { folder });
  const archive = await packed(build);
  const connection = new Connection({
    ...{ server, token: config.token },
    say: (words) => session.say(words),
    warn: (words) => output.warn(words),
  });
  const send = (dryRun: boolean) => upload(connection, archive, name, dryRun);

  const plan = await send(true);
  const isChanged = plan.dags.some(({ change }) => change !== 'unchanged');
  if (!output.json) printChanges(output, plan);
  if (options.dryRun || !isChanged) {
    if (output.json) output.printJson(plan);
    else output.print(isChanged ? 'Nothing was done.' : `Nothing changes at ${server}.`);
    return EXIT.ok;
  }
  if (!options.yes && !(await agrees(session, server))) return EXIT.refused;
  const done = await send(false);
  if (output.json) {
    output.printJson(done);
    return EXIT.ok;
  }
  for (const { dagId, change, version } of done.dags) {
    const isMade = change === 'new' || change === 'changed';
    if (isMade && version !== null) output.print(`${dagId} is at version ${version}.`);
  }
  output.print(`Deployed to ${server}; managed by ${done.managedBy}.`);
  return EXIT.ok;
}

async function agrees({ output }: Session, server: string): Promise<boolean> {
  if (!process.stdin.isTTY || output.json) {
    throw usage('Nobody is there to be asked: look with --dry-run, then say --yes.', 'deploy');
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`Deploy this to ${server}? [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}

function printChanges(output: Output, { dags }: Deployed): void {
  for (const { dagId, change, changes } of dags) {
    output.print(`${SIGNS[change]} ${dagId} (${change})`);
    for (const words of changes) output.print(`    ${words}`);
  }
}

async function packed(build: BuildResult): Promise<Buffer<ArrayBuffer>> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-deploy-'));
  try {
    const cwd = path.join(folder, 'build');
    const file = path.join(folder, 'build.tar.gz');
    await writeBuild(build, cwd);
    await create({ gzip: true, cwd, file, portable: true }, ['.']);
    return await fs.readFile(file);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

function upload(
  { api }: Connection,
  archive: Buffer<ArrayBuffer>,
  name: string,
  dryRun: boolean,
): Promise<Deployed> {
  return told(
    api.POST('/api/v1/deploy', {
      params: { query: { name, dryRun: dryRun ? 'true' : 'false' } },
      headers: { 'content-type': 'application/gzip' },
      body: archive as never,
      bodySerializer: () => archive,
    }),
  );
}
