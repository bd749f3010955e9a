/**
 * The program of a backup: one dump into the folder, checked, and the oldest ones away. The same program lays one over
 * the database when a Job tells it to. Plain sh and the programs of PostgreSQL, so that it runs in any image that has
 * them. Its figures come from the environment.
 */

/** Where the volume of dumps is. */
export const BACKUP_FOLDER = '/backup';

/**
 * DATABASE_URL: whose login. KEEP: dumps that stay. A dump has its name only when it is whole; half of one is called
 * `.part` and goes with the next run. `no-verify` is a word of node-postgres that libpq does not know. RESTORE: a dump
 * that replaces what is in the database, all of it or nothing; objects belong to the login then, as before.
 */
export const BACKUP_SCRIPT = `set -eu
umask 077
for bin in /usr/lib/postgresql/*/bin; do
  if [ -d "$bin" ]; then PATH="$bin:$PATH"; fi
done
cd ${BACKUP_FOLDER}
url=$(printf %s "$DATABASE_URL" | sed 's/sslmode=no-verify/sslmode=require/')
if [ -n "\${RESTORE:-}" ]; then
  pg_restore --clean --if-exists --no-owner --single-transaction --dbname="$url" "$RESTORE"
  echo "restored $RESTORE"
  exit
fi
file="podline-$(date -u +%Y%m%dT%H%M%SZ).dump"
rm -f ./*.part
pg_dump --format=custom --file="$file.part" --dbname="$url"
pg_restore --list "$file.part" > /dev/null
mv "$file.part" "$file"
ls -1 | grep '^podline-.*[.]dump$' | sort -r | tail -n "+$((KEEP + 1))" | while read -r old; do
  rm -f "$old"
  echo "removed $old"
done
echo "wrote $file, $(wc -c < "$file") bytes"
`;
