/** Levels of log lines, and the search of a whole log for words and levels. */
import assert from 'node:assert/strict';
import { levelOf } from '../../../runtime/web/ui/src/log/level.ts';
import type { LogPage } from '../../../runtime/web/ui/src/log/logWindow.ts';
import { searchLog } from '../../../runtime/web/ui/src/log/searchLog.ts';

const LINES = {
  error: [
    '2026-11-26 09:00:01,123 ERROR root: no disk',
    'ERROR:root:no disk',
    '[error] no disk',
    'error: no disk',
    '09:00:01 error: no disk',
    'level=error msg="no disk"',
    '{"level":50,"msg":"no disk"}',
    '{"severity":"ERROR","msg":"no disk"}',
    'Traceback (most recent call last):',
    'ValueError: no disk',
    'Error in file(con, "r") : cannot open the connection',
    'npm ERR! no disk',
    'FATAL:  no disk',
    'TypeError: x is not a function',
    '\u001b[31mERROR\u001b[0m no disk',
    '\u001b[31merror:\u001b[0m no disk',
    '\u001b[1;31mTraceback (most recent call last):\u001b[0m',
  ],
  warn: [
    'WARN no disk soon',
    'Warning message:',
    '<stdin>:1: DeprecationWarning: old',
    '{"level":"warning"}',
    '[ Warning ] old',
  ],
  debug: ['DEBUG here', 'level=trace here'],
  info: [
    'INFO all is well',
    '             Estimate  Std. Error  t value  Pr(>|t|)',
    '0 errors, 0 warnings',
    'the error rate is low',
    'loaded error_codes.csv',
    '{"level":30,"msg":"error"}',
    '',
  ],
};

describe('the level of a log line', () => {
  for (const [level, lines] of Object.entries(LINES)) {
    for (const line of lines) {
      it(`${level}: ${JSON.stringify(line.trim())}`, () => {
        assert.equal(levelOf(line), level);
      });
    }
  }
});

describe('the search of a log', () => {
  const text = Array.from({ length: 60_000 }, (_, n) =>
    n % 20_000 === 7_000
      ? `ERROR number ${n} of the loader`
      : `line ${n} \u001b[1mof the loader\u001b[0m`,
  ).join('\n');
  const bytes = Buffer.from(text);
  const source = {
    read: (after: number, most: number): Promise<LogPage> => {
      const part = bytes.subarray(after, after + most);
      return Promise.resolve({
        ...{ from: after, to: after + part.length, text: part.toString() },
        ...{ size: bytes.length, isComplete: true },
      });
    },
  };
  const find = async (words: string, least: 'debug' | 'error', from: number, direction: 1 | -1) => {
    const { signal } = new AbortController();
    const options = { from, direction, signal, onProgress: () => {} };
    const offset = await searchLog(source, { words, least }, options);
    return offset === null ? null : bytes.subarray(offset).toString().split('\n', 1)[0];
  };
  const at = (line: string) => bytes.indexOf(line);

  it('goes from error to error without words, and round the end', async () => {
    assert.ok(bytes.length > 1024 * 1024, 'more than a page');
    assert.match((await find('', 'error', -1, 1)) ?? '', /number 7000 /);
    assert.match((await find('', 'error', at('ERROR number 7000 '), 1)) ?? '', /number 27000 /);
    assert.match((await find('', 'error', at('ERROR number 47000 '), 1)) ?? '', /number 7000 /);
    assert.match((await find('', 'error', -1, -1)) ?? '', /number 47000 /);
  });

  it('finds words through colours, in any case, and only with the level', async () => {
    assert.match((await find('59000 OF THE', 'debug', -1, 1)) ?? '', /^line 59000 /);
    assert.match((await find('loader', 'error', 0, 1)) ?? '', /^ERROR number 7000/);
    assert.equal(await find('line 5', 'error', 0, 1), null);
  });
});
