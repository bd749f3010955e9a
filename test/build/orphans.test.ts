/** A build that is killed leaves no process behind that goes on with an author's endless code. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const EVALUATION = path.join(import.meta.dirname, '../../runtime/build/runEvaluation.ts');

describe('evaluations whose build was killed', function () {
  this.timeout(60_000);
  let folder: string;
  let build: ChildProcess | undefined;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-orphan-'));
  });
  afterEach(async () => {
    build?.kill('SIGKILL');
    await fs.rm(folder, { recursive: true, force: true });
  });

  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  async function soon<T>(look: () => Promise<T | undefined> | T | undefined, what: string) {
    for (let waited = 0; waited < 45_000; waited += 50) {
      const found = await look();
      if (found !== undefined) return found;
      await sleep(50);
    }
    return assert.fail(`not within 45 s: ${what}`);
  }

  for (const [name, code] of Object.entries({
    'an endless loop': 'for (;;);',
    'an endless wait': 'setInterval(() => {}, 1000); await new Promise(() => {});',
  })) {
    it(`end by themselves: ${name}`, async () => {
      const pidFile = path.join(folder, 'pid');
      const text = `import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); ${code}`;
      const limits = { timeoutSeconds: 1, memoryMegabytes: 200 };
      // Without its own limit: only what the evaluation does by itself is looked at.
      const run = `const { runEvaluation } = await import(${JSON.stringify(EVALUATION)});
        const real = globalThis.setTimeout; globalThis.setTimeout = (f, ms, ...more) => real(f, ms * 1000, ...more);
        await runEvaluation(${JSON.stringify(path.join(folder, 'dags.ts'))}, Buffer.from(${JSON.stringify(text)}), ${JSON.stringify(limits)});`;
      build = spawn(process.execPath, ['--input-type=module', '-e', run], { stdio: 'ignore' });
      const pid = Number(
        await soon(
          async () => (await fs.readFile(pidFile, 'utf8').catch(() => '')) || undefined,
          name,
        ),
      );
      assert.ok(isAlive(pid));
      build.kill('SIGKILL');
      await once(build, 'exit');
      await soon(() => (isAlive(pid) ? undefined : true), `the end of ${pid}`);
    });
  }
});
