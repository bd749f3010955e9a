/** Real servers for tests: OpenSSH with SFTP, and an S3-compatible store. Each on a free port. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { versitygw } from '../tools/tools.ts';

const run = promisify(execFile);

export const SSHD = '/usr/sbin/sshd';

export interface Server {
  /** URI of a podline connection. */
  uri: string;
  folder: string;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Files below `folder` are served; login by a key that the URI carries. */
export async function startSftp(): Promise<Server & { hostKey: string }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'podline-sshd-'));
  const hostKeyFile = path.join(folder, 'host_key');
  const userKeyFile = path.join(folder, 'user_key');
  for (const file of [hostKeyFile, userKeyFile]) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  }
  await writeFile(path.join(folder, 'authorized_keys'), await readFile(`${userKeyFile}.pub`));
  await chmod(path.join(folder, 'authorized_keys'), 0o600);
  // The daemon wants this folder when it is started by root.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
  const port = await freePort();
  const config = path.join(folder, 'sshd_config');
  await writeFile(
    config,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKeyFile}`,
      `AuthorizedKeysFile ${path.join(folder, 'authorized_keys')}`,
      'StrictModes no',
      'PasswordAuthentication no',
      'UsePAM no',
      'PidFile none',
      'Subsystem sftp internal-sftp',
      '',
    ].join('\n'),
  );
  const child = spawn(SSHD, ['-D', '-e', '-f', config], { stdio: 'ignore' });
  await listening(child, port);
  const { stdout } = await run('ssh-keygen', ['-l', '-f', `${hostKeyFile}.pub`]);
  const hostKey = stdout.split(' ')[1] ?? '';
  const query = new URLSearchParams({
    private_key: await readFile(userKeyFile, 'utf8'),
    host_key: hostKey,
  });
  return {
    uri: `sftp://${os.userInfo().username}@127.0.0.1:${port}?${query.toString()}`,
    hostKey,
    folder,
    stop: () => stop(child, folder),
  };
}

/** Buckets are folders below `folder`/data. */
export async function startS3(): Promise<Server> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'podline-s3-'));
  const port = await freePort();
  for (const name of ['data', 'sidecar']) await mkdir(path.join(folder, name));
  const child = spawn(
    versitygw.program,
    [
      ...['--access', 'podline', '--secret', 'podline-secret', '--port', `127.0.0.1:${port}`],
      ...['posix', '--sidecar', path.join(folder, 'sidecar'), path.join(folder, 'data')],
    ],
    { stdio: 'ignore' },
  );
  await listening(child, port);
  return {
    uri: `s3://podline:podline-secret@127.0.0.1:${port}`,
    folder,
    stop: () => stop(child, folder),
  };
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
    await sleep(20);
  }
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  await rm(folder, { recursive: true, force: true });
}
