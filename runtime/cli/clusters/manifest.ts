/**
 * `podline clusters manifest`: what a cluster needs, as one JSON List that kubectl takes. With --database-address the
 * connection string of the workers is part of it, a secret.
 */
import { workerDatabaseUrl } from '../../config.ts';
import { setupManifest } from '../../pods/setupManifest.ts';
import { usage } from '../input.ts';
import type { Session } from '../session.ts';
import { findCluster } from './clusters.ts';

export async function printManifest(
  session: Session,
  [name]: readonly [string?],
  { databaseAddress }: { databaseAddress?: string },
): Promise<void> {
  const cluster = await findCluster(name);
  const url =
    databaseAddress === undefined ? undefined : await workerUrlAt(session, databaseAddress);
  const items = setupManifest(cluster, url);
  const list = { apiVersion: 'v1', kind: 'List', items };
  session.output.write(`${JSON.stringify(list, null, 2)}\n`);
}

/** The role, password and name of the database that this program uses, at the address that pods reach. */
async function workerUrlAt(session: Session, address: string): Promise<string> {
  const { url } = await session.open();
  const worker = new URL(workerDatabaseUrl(session.config, url));
  const parsed = URL.canParse(`postgresql://${address}`) && new URL(`postgresql://${address}`);
  if (!parsed || parsed.host !== address || parsed.hostname === '') {
    throw usage(`${address} is no host:port.`, 'clusters manifest');
  }
  worker.hostname = parsed.hostname;
  worker.port = parsed.port;
  return worker.href;
}
