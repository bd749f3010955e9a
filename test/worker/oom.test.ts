/** The kernel's count of processes that used too much memory, and what it makes of an outcome. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { oomKills, outcomeAfterOom, preferForOom } from '../../runtime/worker/oom.ts';

describe('out of memory', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'podline-oom-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('reads the counter of both versions of control groups', async () => {
    assert.equal(oomKills(folder), null);
    await mkdir(path.join(folder, 'memory'));
    const old = 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n';
    await writeFile(path.join(folder, 'memory/memory.oom_control'), old);
    assert.equal(oomKills(folder), 2);
    await writeFile(path.join(folder, 'memory.events'), 'low 0\noom 4\noom_kill 3\n');
    assert.equal(oomKills(folder), 3);
  });

  it('turns a signal and an exit code into oom, and nothing else', () => {
    const signal = { state: 'failed', cause: 'signal' } as const;
    const code = { state: 'failed', cause: 'exit_code', exitCode: 137 } as const;
    assert.equal(outcomeAfterOom(signal, 0, 1).cause, 'oom');
    assert.equal(outcomeAfterOom(code, 1, 3).cause, 'oom');
    assert.equal(outcomeAfterOom(code, 1, 3).exitCode, 137);
    for (const [before, after] of [
      [1, 1],
      [null, 1],
      [0, null],
    ] as const) {
      assert.equal(outcomeAfterOom(signal, before, after), signal);
    }
    const success = { state: 'success' } as const;
    assert.equal(outcomeAfterOom(success, 0, 1), success);
    const cancelled = { state: 'failed', cause: 'cancelled' } as const;
    assert.equal(outcomeAfterOom(cancelled, 0, 1), cancelled);
  });

  it('makes the program of a task the first to go', async () => {
    const child = spawn('sleep', ['60']);
    assert.ok(child.pid);
    preferForOom(child.pid);
    const score = await readFile(`/proc/${child.pid}/oom_score_adj`, 'utf8');
    assert.equal(score.trim(), '1000');
    child.kill();
    await once(child, 'exit');
    preferForOom(child.pid);
  });
});
