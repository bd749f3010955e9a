/** What a task sees from inside its pod, in a restricted namespace: no token, no secret, no rights, nothing to write but /tmp. */
import assert from 'node:assert/strict';
import pg from 'pg';
import { openCluster } from '../harness.ts';
import { Rig } from '../rig.ts';

/** For the shell of another image: the names of its environment, as JSON. */
const NAMES = String.raw`ls /var/run/secrets/kubernetes.io >&2 && exit 1
printf '"%s"' "$(env | cut -d= -f1 | tr '\n' ' ')" > "$PODLINE_OUTPUT"`;

const dagIn = (namespace: string) => `
import { dag, pod, typescript } from 'podline/dag';

const look = async () => {
  const fs = await import('node:fs');
  const names = (folder: string) => { try { return fs.readdirSync(folder); } catch { return null; } };
  const writes = (file: string) => { try { fs.writeFileSync(file, 'x'); return true; } catch { return false; } };
  const status = fs.readFileSync('/proc/self/status', 'utf8');
  const field = (name: string) => new RegExp('^' + name + ':\\\\s*(.*)$', 'm').exec(status)?.[1] ?? null;
  return {
    user: process.getuid?.() ?? 0,
    token: names('/var/run/secrets/kubernetes.io/serviceaccount'),
    services: Object.keys(process.env).filter((name) => /_SERVICE_(HOST|PORT)/.test(name) && !name.startsWith('KUBERNETES_')),
    secrets: Object.keys(process.env).filter((name) => /^PODLINE_(TOKEN|WORKER_DATABASE_URL|CONN_)/.test(name)),
    capabilities: field('CapEff'),
    bounding: field('CapBnd'),
    noNewPrivileges: field('NoNewPrivs'),
    seccomp: field('Seccomp'),
    root: writes('/podline-was-here'),
    code: writes('/opt/podline-was-here'),
    tmp: writes('/tmp/mine'),
  };
};

export const inside = dag('inside', { defaults: { retries: { max: 0, infrastructure: 2 } } }, (d) => {
  d.task('worker', typescript({ run: look }), { pod: { namespace: '${namespace}' } });
  d.task('direct', pod({
    namespace: '${namespace}',
    image: 'docker.io/local/busybox:1',
    imagePullPolicy: 'IfNotPresent',
    securityContext: { runAsUser: 10001, runAsGroup: 10001 },
    command: ['sh', '-c', ${JSON.stringify(NAMES)}],
    output: 'file',
  }));
});
`;

describe('a task in its pod', function () {
  this.timeout(120_000);
  let rig: Rig;
  before(async () => {
    const cluster = await openCluster();
    // Its API server refuses pods that ask for more than the restricted profile gives.
    const restricted = await cluster.namespace({ restricted: true });
    rig = await Rig.open({ cluster, namespaces: [restricted] });
    await rig.register({ 'inside.ts': dagIn(restricted) });
    await rig.start();
  });
  after(async () => {
    await rig.close();
  });

  it('has no rights, no token and no secret of its worker', async () => {
    const run = await rig.trigger('inside');
    assert.equal(await rig.ended(run), 'success', rig.said());
    const { user, ...seen } = (await rig.output(run, 'worker')) as { user: number };
    assert.ok(user > 0);
    assert.deepEqual(seen, {
      token: null,
      services: [],
      secrets: [],
      capabilities: '0000000000000000',
      bounding: '0000000000000000',
      noNewPrivileges: '1',
      seccomp: '2',
      root: false,
      code: false,
      tmp: true,
    });
    const env = String(await rig.output(run, 'direct'));
    assert.match(env, /PODLINE_OUTPUT/);
    assert.doesNotMatch(env, /TOKEN|DATABASE_URL|_CONN_/);
    await rig.noPods();
  });

  it('gets nowhere with the database login of its worker', async () => {
    const client = new pg.Client({ connectionString: rig.workerUrl });
    await client.connect();
    const owner = decodeURIComponent(new URL(rig.database.url).username);
    const refused = [
      'SELECT * FROM podline.attempt',
      'SELECT * FROM podline.variable',
      'SELECT * FROM podline.installation',
      'SELECT * FROM podline.log_chunk',
      'SELECT rolpassword FROM pg_authid',
      'SELECT passwd FROM pg_shadow',
      `SET ROLE ${owner}`,
      `SET SESSION AUTHORIZATION ${owner}`,
      `ALTER ROLE ${owner} PASSWORD 'x'`,
      'CREATE TABLE public.mine (x int)',
      'CREATE SCHEMA mine',
      'CREATE DATABASE mine',
      'CREATE EXTENSION dblink',
      `SELECT pg_read_file('/etc/passwd')`,
      `SELECT pg_ls_dir('/')`,
      `SELECT lo_import('/etc/passwd')`,
      `COPY (SELECT 1) TO '/tmp/podline-x'`,
      `COPY (SELECT 1) TO PROGRAM 'true'`,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${owner}'`,
      'SELECT pg_reload_conf()',
      `SELECT pool.take('x', '\\x00', ARRAY['\\x00'::bytea])`,
    ];
    for (const sql of refused) {
      await assert.rejects(client.query(sql), { code: '42501' }, sql);
    }
    // What others ask is not shown, and with it no token and no value of theirs.
    const { rows } = await client.query<{ query: string }>(
      'SELECT query FROM pg_stat_activity WHERE usename <> current_user AND query IS NOT NULL',
    );
    assert.ok(rows.every(({ query }) => query === '<insufficient privilege>'));
    await client.end();
  });

  it('gets nowhere with it in other databases of the same server', async () => {
    for (const database of ['postgres', 'podline']) {
      const url = new URL(rig.workerUrl);
      url.pathname = `/${database}`;
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      for (const sql of ['CREATE TABLE public.mine (x int)', 'CREATE SCHEMA mine']) {
        await assert.rejects(client.query(sql), { code: '42501' }, sql);
      }
      const { rows } = await client.query<{ name: string }>(
        `SELECT nspname AS name FROM pg_namespace WHERE nspname ~ '^(podline|report|pool)$' AND has_schema_privilege(oid, 'USAGE')`,
      );
      assert.deepEqual(rows, [], database);
      await client.end();
    }
  });
});
