/**
 * The start of the embedded database: plain shell that needs nothing of its image but `initdb` and `postgres`, so
 * that it runs without root, with a root file system that cannot be written, and with any such image.
 */

/** Where the volume of the data and the Secret with the password are mounted. */
export const DATA_FOLDER = '/data';
export const PASSWORD_FOLDER = '/etc/podline-database';

/** What the script is told: where the data and the password are, the owner and the database. */
export const POSTGRES_ENV = {
  PGDATA: `${DATA_FOLDER}/pgdata`,
  PASSWORD_FILE: `${PASSWORD_FOLDER}/password`,
} as const;

// A new folder is moved in place when it is complete, so that a pod which dies half-way begins again. The password
// is set at every start: the volume may be older than the Secret. A single user needs none, and commands end with
// a line. A kubelet may have opened the folder to its group, which the server refuses.
export const POSTGRES_SCRIPT = `set -eu
for bin in /usr/lib/postgresql/*/bin; do
  if [ -d "$bin" ]; then PATH="$bin:$PATH"; fi
done
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  rm -rf "$PGDATA.new"
  initdb --pgdata="$PGDATA.new" --username="$OWNER" --pwfile="$PASSWORD_FILE" --auth=scram-sha-256 --encoding=UTF8 --locale=C
  echo 'host all all all scram-sha-256' >> "$PGDATA.new/pg_hba.conf"
  echo "CREATE DATABASE \\"$DATABASE\\"" | postgres --single -D "$PGDATA.new" postgres
  mv "$PGDATA.new" "$PGDATA"
else
  chmod 0700 "$PGDATA"
  rm -f "$PGDATA/postmaster.pid"
  quoted=$(sed "s/'/''/g" "$PASSWORD_FILE")
  echo "ALTER ROLE \\"$OWNER\\" PASSWORD '$quoted'" | postgres --single -D "$PGDATA" postgres > /dev/null
fi
exec postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
`;

/** Arguments of the server from its parameters, in the order of their names. */
export function parameterArgs(parameters: Record<string, string>): string[] {
  return Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
