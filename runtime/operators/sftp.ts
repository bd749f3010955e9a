/** SFTP sessions from connections. Used by sftpToS3 and `connections test`. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SFTPWrapper } from 'ssh2';
import type Client from 'ssh2-sftp-client';
import { PodlineError } from '../../src/errors.ts';
import { type Connection, extraText } from '../../src/connections/connection.ts';

export interface SftpSession {
  client: Client;
  /** The protocol below the client. */
  sftp: SFTPWrapper;
}

/**
 * Extras: `private_key` (text) or `key_file`, `passphrase`, and for the server's identity `host_key`
 * (SHA256:... as ssh-keygen -lf prints it). Without it, `no_host_key_check` must be "true".
 */
export async function openSftp(connection: Connection): Promise<SftpSession> {
  const { default: SftpClient } = await import('ssh2-sftp-client');
  const { id, host, port, login, password } = connection;
  const hostKey = extraText(connection, 'host_key');
  if (hostKey === undefined && extraText(connection, 'no_host_key_check') !== 'true') {
    throw new PodlineError('connection.bad', {
      connection: id,
      reason: 'the extra "host_key" (SHA256:... of the server) is missing',
    });
  }
  const keyFile = extraText(connection, 'key_file');
  const client = new SftpClient(id, { error: () => {}, end: () => {}, close: () => {} });
  let offered = '';
  try {
    const sftp = await client.connect({
      host,
      port: port ?? 22,
      username: login,
      password,
      privateKey:
        keyFile === undefined ? extraText(connection, 'private_key') : await readFile(keyFile),
      passphrase: extraText(connection, 'passphrase'),
      readyTimeout: 20_000,
      hostVerifier: (key: Buffer) => {
        offered = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
        return hostKey === undefined || hostKey === offered;
      },
    });
    return { client, sftp };
  } catch (error) {
    if (hostKey !== undefined && offered !== '' && offered !== hostKey) {
      throw new PodlineError('connection.bad', {
        connection: id,
        reason: `the server shows the key ${offered} and not the expected one`,
      });
    }
    throw error;
  }
}
