/** Processes read the settings of src/model/environment.ts and no others; components write none that nobody reads. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readConfig } from '../../runtime/config.ts';
import { readClusters } from '../../runtime/pods/clusterConfig.ts';
import { readAuth } from '../../runtime/people/authConfig.ts';
import { ENVIRONMENT_NAMES } from '../../src/model/environment.ts';
import { filesMatching } from './sources.ts';

/** Notes every name that is asked for. */
function watched(values: NodeJS.ProcessEnv, asked: Set<string>): NodeJS.ProcessEnv {
  return new Proxy(values, {
    get(target, name) {
      if (typeof name === 'string' && name.startsWith('PODLINE_')) asked.add(name);
      return Reflect.get(target, name) as string | undefined;
    },
  });
}

/** Variables that are no settings: connections, the protocol of tasks, and what tests set. */
const OTHERS = /^PODLINE_(CONN_|CRASH_|TEST_|INPUT_|$)/;
const PROTOCOL = new Set(
  [
    ...['ATTEMPT', 'TOKEN', 'HOST', 'INHERIT', 'COMMAND', 'FILES', 'INPUTS', 'OUTPUT', 'PARAMS'],
    ...['DAG_ID', 'RUN_ID', 'TASK_ID', 'MAP_INDEX', 'TRY', 'IDEMPOTENCY_KEY', 'LOGICAL_DATE'],
    ...['INTERVAL_START', 'INTERVAL_END', 'GRACE_SECONDS', 'LEASE_SECONDS', 'REPORT_SECONDS'],
    ...['TERMINATION_LOG', 'TERMINATION_FILE', 'OUTPUT_GRACE_MS', 'BUNDLES', 'PROJECT'],
    ...['CONNECTIONS'],
  ].map((name) => `PODLINE_${name}`),
);

describe('settings of processes', () => {
  it('are exactly those that the configuration reads', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-environment-'));
    const asked = new Set<string>();
    try {
      const kubeconfig = path.join(folder, 'kubeconfig');
      await fs.writeFile(
        kubeconfig,
        '{"current-context":"a","contexts":[],"clusters":[],"users":[]}',
      );
      // Set and not set, a file of clusters and none: every branch is taken.
      for (const values of [
        {},
        { PODLINE_HEALTH_PORT: '1', PODLINE_SLOTS: '1', PODLINE_DEFAULT_EXECUTOR: 'local' },
        { PODLINE_KUBECONFIG: kubeconfig, PODLINE_NAMESPACE: 'a', PODLINE_IMAGE: 'b' },
      ]) {
        const env = watched(values, asked);
        readConfig(env);
        await readClusters(env, path.join(folder, 'none')).catch(() => undefined);
        await readAuth(env);
      }
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
    assert.deepEqual([...asked].sort(), [...ENVIRONMENT_NAMES].sort());
  });

  it('count as not set when they are empty', () => {
    const empty = Object.fromEntries(ENVIRONMENT_NAMES.map((name) => [name, '']));
    const {
      clusters: _,
      auth: _auth,
      traces: _traces,
      ...config
    } = readConfig({ ...empty, HOSTNAME: 'h' });
    const { clusters: _none, auth: _same, traces: _off, ...plain } = readConfig({ HOSTNAME: 'h' });
    assert.deepEqual(config, plain);
  });

  it('are the only ones that components write and sources name', () => {
    const known = new Set<string>(ENVIRONMENT_NAMES);
    const unknown = filesMatching('{src,components,runtime}/**/*.ts').flatMap(
      ({ path: file, text }) =>
        [...text.matchAll(/\bPODLINE_[A-Z][A-Z_]*/g)]
          .map(([name]) => name)
          .filter((name) => !known.has(name) && !PROTOCOL.has(name) && !OTHERS.test(name))
          .map((name) => `${file}: ${name}`),
    );
    assert.deepEqual(unknown, []);
  });

  it('that components write are no part of the protocol of tasks', () => {
    const written = filesMatching('components/**/*.ts').flatMap(({ path: file, text }) =>
      [...text.matchAll(/\b(PODLINE_[A-Z][A-Z_]*)\b/g)].map(([, name = '']) => ({ file, name })),
    );
    const known = new Set<string>(ENVIRONMENT_NAMES);
    assert.deepEqual(
      written.filter(({ name }) => !known.has(name) && !OTHERS.test(name)),
      [],
    );
  });
});
