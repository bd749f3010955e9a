/** A crash point kills its own process, when it is named and not otherwise. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const MODULE = path.join(import.meta.dirname, '../../runtime/observe/crashPoint.ts');
const PROGRAM = `
  const { crashPoint } = await import(${JSON.stringify(MODULE)});
  const { writeSync } = await import('node:fs');
  for (let n = 1; n <= 4; n += 1) {
    crashPoint('tick.after_claim');
    crashPoint('tick.before_commit');
    writeSync(1, String(n));
  }`;

/** What a process wrote that passes two points four times, and what ended it. */
function run(at: string | undefined): { out: string; signal: string | null; error: string } {
  const end = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    env: { PATH: process.env.PATH, ...(at !== undefined && { PODLINE_CRASH_AT: at }) },
    encoding: 'utf8',
  });
  return { out: end.stdout, signal: end.signal, error: end.stderr };
}

describe('crash points', () => {
  it('do nothing unless one is named', () => {
    assert.deepEqual(run(undefined), { out: '1234', signal: null, error: '' });
    assert.equal(run('outbox.before_commit').out, '1234');
  });

  it('end the process at once, at the wanted time of passing', () => {
    assert.deepEqual(run('tick.before_commit'), { out: '', signal: 'SIGKILL', error: '' });
    assert.deepEqual(run('tick.after_claim:3'), { out: '12', signal: 'SIGKILL', error: '' });
  });

  it('refuse a name that does not exist', () => {
    assert.match(run('tick.nowhere').error, /names no crash point: tick\.nowhere/);
  });
});
