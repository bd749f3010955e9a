/** The files of PgBouncer for one login. Pure. */
import { partsOf } from './connectionUrl.ts';

export const POOLER_PORT = 6432;
export const POOLER_FOLDER = '/etc/pgbouncer';

export interface PoolerSizes {
  poolSize: number;
  maxClients: number;
}

/** `url`: the workers' connection string, direct. */
export function poolerFiles(url: string, { poolSize, maxClients }: PoolerSizes) {
  const { host, port, user, password, sslMode } = partsOf(url);
  const lines = [
    '[databases]',
    // Any name, as the client says it: a name of a database here could not be quoted.
    `* = host=${host} port=${port}`,
    '',
    '[pgbouncer]',
    'listen_addr = *',
    `listen_port = ${POOLER_PORT}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${POOLER_FOLDER}/userlist.txt`,
    'pool_mode = transaction',
    `default_pool_size = ${poolSize}`,
    `max_client_conn = ${maxClients}`,
    // Statements with a name work in transaction mode since 1.21.
    'max_prepared_statements = 200',
    'ignore_startup_parameters = extra_float_digits',
    `server_tls_sslmode = ${SSL_MODES[sslMode ?? ''] ?? 'prefer'}`,
    '',
  ];
  return {
    'pgbouncer.ini': lines.join('\n'),
    'userlist.txt': `${quoted(user)} ${quoted(password)}\n`,
  };
}

const SSL_MODES: Record<string, string> = {
  disable: 'disable',
  allow: 'allow',
  prefer: 'prefer',
  require: 'require',
  'no-verify': 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
};

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
