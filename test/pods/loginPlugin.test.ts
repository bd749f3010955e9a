/** Exec plugins of kubeconfigs: one run for all who ask, and a limit on its time. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { LoginPlugin } from '../../runtime/pods/loginPlugin.ts';

describe('login plugins', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'podline-plugin-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const user = (script: string) => ({
    name: 'u',
    exec: { apiVersion: 'v1', command: 'sh', args: ['-c', script] },
  });
  const answer = `echo '{"status":{"token":"T"}}'`;

  it('run once for all who ask at the same time', async () => {
    const plugin = new LoginPlugin();
    const asked = user(`echo run >> ${folder}/runs; ${answer}`);
    const logins = await Promise.all([1, 2, 3].map(() => plugin.login(asked)));
    assert.deepEqual(
      logins.map(({ headers }) => headers),
      Array(3).fill({ Authorization: 'Bearer T' }),
    );
    assert.equal(await readFile(path.join(folder, 'runs'), 'utf8'), 'run\n');
  });

  it('are not waited for without end, not even when what they started holds their output', async () => {
    const plugin = new LoginPlugin(0.3);
    const hangs = user(`sleep 5 & echo $! > ${folder}/pid; sleep 60`);
    await assert.rejects(plugin.login(hangs), /login plugin sh did not answer within 0.3 s/);
    assert.equal((await plugin.login(user(answer))).headers.Authorization, 'Bearer T');
    process.kill(Number(await readFile(path.join(folder, 'pid'), 'utf8')));
  });

  it('say what the plugin said when it fails', async () => {
    const fails = user('echo no session >&2; exit 3');
    await assert.rejects(new LoginPlugin().login(fails), /no session/);
  });
});
