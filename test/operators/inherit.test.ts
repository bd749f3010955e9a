/** Which variables of the worker's process a script gets: a short list, or in a pod of its own all but Podline's. */
import assert from 'node:assert/strict';
import { operate } from './operate.ts';

describe('environment of scripts', () => {
  const set = { TOOL_HOME: '/opt/tool', PODLINE_TOKEN: 'aabbccdd', PODLINE_INHERIT: '' };
  const before = new Map(Object.keys(set).map((name) => [name, process.env[name]]));
  const script = 'printf "%s|%s|%s" "${TOOL_HOME-}" "${PODLINE_TOKEN-}" "${PODLINE_DAG_ID:+dag}"';
  const said = async (inherit: string): Promise<string> => {
    Object.assign(process.env, set, { PODLINE_INHERIT: inherit });
    const { log } = await operate({
      task: { operator: 'bash', config: { script: { text: script } } },
    });
    return log;
  };
  after(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('is clean beside other tasks', async () => {
    assert.match(await said(''), /\|\|dag/);
    assert.doesNotMatch(await said(''), /opt\/tool/);
  });

  it("is that of the container in a pod of its own, without what is Podline's", async () => {
    assert.match(await said('all'), /\/opt\/tool\|\|dag/);
  });
});
