/** The part of `podline doctor` about this machine: Node, programs, disk, configuration, connections. */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../config.ts';
import { describeUrl } from '../database/pool.ts';
import { VERSION } from '../version.ts';
import { bytes, count } from '../explain/human.ts';
import type { Finding } from './doctor.ts';
import type { Session } from './session.ts';
import { connectionsOf } from './tasks/trial.ts';

const run = promisify(execFile);

/** As in package.json. */
const OLDEST_NODE = [22, 15] as const;
const LITTLE_DISK = 1024 ** 3;

const PROGRAMS = [
  { name: 'bash', needed: 'bash tasks', level: 'fail', remedy: 'Install bash.' },
  { name: 'python3', needed: 'python tasks', level: 'warn', remedy: 'Install Python 3.' },
  { name: 'Rscript', needed: 'r tasks', level: 'warn', remedy: 'Install R (r-base-core).' },
] as const;

export async function machineFindings(session: Session): Promise<Finding[]> {
  const { config } = session;
  return [
    { what: 'podline', level: 'ok', says: VERSION },
    nodeVersion(),
    configuration(config),
    ...(await Promise.all(PROGRAMS.map(program))),
    await disk(config),
    await connections(session),
  ];
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needed, neededMinor] = OLDEST_NODE;
  const isOld = major < needed || (major === needed && minor < neededMinor);
  const says = process.versions.node;
  if (!isOld) return { what: 'node', level: 'ok', says };
  const remedy = `Install Node ${OLDEST_NODE.join('.')} or newer.`;
  return { what: 'node', level: 'fail', says: `${says} is too old`, remedy };
}

/** Where values are secret only the place is shown. */
function configuration(config: Config): Finding {
  const facts = {
    database: config.databaseUrl === null ? 'embedded' : describeUrl(config.databaseUrl),
    worker: config.workerDatabaseUrl === null ? 'derived' : describeUrl(config.workerDatabaseUrl),
    home: config.home,
    slots: config.slots,
    log: config.logLevel,
    drain: `${config.drainSeconds} s`,
    host: config.host,
  };
  const words = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return { what: 'configuration', level: 'ok', says: words.join(', ') };
}

async function program(wanted: (typeof PROGRAMS)[number]): Promise<Finding> {
  const { name, needed, level, remedy } = wanted;
  try {
    const { stdout, stderr } = await run(name, ['--version'], { timeout: 10_000 });
    const [line = ''] = `${stdout}${stderr}`.split('\n');
    return { what: name, level: 'ok', says: line.slice(0, 80) };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const says = `${isMissing ? 'is not installed' : 'does not start'}: ${needed} will fail`;
    return { what: name, level, says, remedy };
  }
}

async function disk({ home }: Config): Promise<Finding> {
  let folder = home;
  for (;;) {
    try {
      const { bavail, bsize } = await fs.statfs(folder);
      const free = bavail * bsize;
      const says = `${bytes(free)} free in ${folder}`;
      if (free >= LITTLE_DISK) return { what: 'disk', level: 'ok', says };
      return { what: 'disk', level: 'warn', says, remedy: 'Make room, or choose another --home.' };
    } catch (error) {
      const above = path.dirname(folder);
      // The home folder is made when it is first needed.
      if (above === folder) {
        const says = (error as Error).message;
        return { what: 'disk', level: 'warn', says, remedy: 'Choose another --home.' };
      }
      folder = above;
    }
  }
}

async function connections(session: Session): Promise<Finding> {
  const known = connectionsOf(session);
  const what = 'connections';
  try {
    const entries = await known.list();
    const bad: string[] = [];
    for (const { id } of entries) await known.resolve(id).catch(() => bad.push(id));
    if (bad.length > 0) {
      const says = `cannot be read: ${bad.join(', ')}`;
      return { what, level: 'fail', says, remedy: '`podline connections test ID` tells why.' };
    }
    const names = entries.map(({ id }) => id).join(', ');
    const says = entries.length === 0 ? 'none' : `${count(entries.length, 'connection')}: ${names}`;
    return { what, level: 'ok', says };
  } catch (error) {
    const remedy = 'Correct connections.json in the home folder.';
    return { what, level: 'fail', says: (error as Error).message, remedy };
  }
}
