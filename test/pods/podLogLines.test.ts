/** Lines of a container's log: times taken off, and no line lost or doubled when a stream begins again. */
import assert from 'node:assert/strict';
import {
  LogLines,
  type LogPosition,
  readPosition,
  sinceTime,
  writePosition,
} from '../../runtime/pods/podLogLines.ts';

const START: LogPosition = { uid: 'u', time: '', same: 0, bytes: 0 };
const at = (second: number, nanos = 0) =>
  `2026-01-01T00:00:${String(second).padStart(2, '0')}.${String(nanos).padStart(9, '0')}Z`;

function text(lines: LogLines, input: string): string {
  return lines.push(Buffer.from(input)).toString();
}

describe('lines of a container log', () => {
  it('come without their times, however the bytes are cut', () => {
    const input = `${at(1)} one\n${at(2)} \n${at(3)} thrée\n`;
    for (const size of [1, 3, 7, 1000]) {
      const lines = new LogLines(START);
      const bytes = Buffer.from(input);
      const out: Buffer[] = [];
      for (let from = 0; from < bytes.length; from += size) {
        out.push(lines.push(bytes.subarray(from, from + size)));
      }
      assert.equal(Buffer.concat(out).toString(), 'one\n\nthrée\n');
    }
  });

  it('keep a last line without its end for the end of the stream', () => {
    const lines = new LogLines(START);
    assert.equal(text(lines, `${at(1)} half`), '');
    assert.equal(lines.position.time, '');
    assert.equal(lines.end().toString(), 'half');
  });

  it('go on behind what is stored, by time and by count of lines of one time', () => {
    const all = [`${at(1)} a\n`, `${at(2)} b\n`, `${at(2)} c\n`, `${at(2)} d\n`, `${at(3)} e\n`];
    for (let stored = 0; stored <= all.length; stored += 1) {
      const first = new LogLines(START);
      const before = text(first, all.slice(0, stored).join(''));
      const again = readPosition(writePosition(first.position), 'u');
      assert.deepEqual(again, first.position);
      const second = new LogLines(again);
      // sinceTime has whole seconds: older lines of the same second come again.
      const rest = text(second, all.slice(Math.min(stored, 1)).join(''));
      assert.equal(before + rest, 'a\nb\nc\nd\ne\n', `after ${stored} lines`);
      assert.equal(second.position.bytes, 10);
    }
  });

  it('ask for whole seconds', () => {
    const lines = new LogLines(START);
    assert.equal(sinceTime(START), undefined);
    text(lines, `2026-01-01T02:00:07.5+02:00 x\n`);
    assert.equal(sinceTime(lines.position), '2026-01-01T00:00:07Z');
  });

  it('of another pod begin anew and count on', () => {
    const lines = new LogLines(START);
    text(lines, `${at(9)} x\n`);
    const next = readPosition(writePosition(lines.position), 'other');
    assert.deepEqual(next, { uid: 'other', time: '', same: 0, bytes: 2 });
    assert.deepEqual(readPosition(null, 'u'), START);
  });

  it('are no words of the kubelet about the log', () => {
    const lines = new LogLines(START);
    assert.equal(text(lines, 'unable to retrieve container logs for containerd://1\n'), '');
    assert.equal(text(lines, `${at(1)} x\n`), 'x\n');
  });

  it('of any length need little memory', () => {
    const lines = new LogLines(START);
    let length = text(lines, `${at(1)} `).length;
    for (let part = 0; part < 20; part += 1) length += text(lines, 'x'.repeat(100_000)).length;
    length += text(lines, `y\n${at(2)} next\n`).length;
    assert.equal(length, 2_000_000 + 'y\nnext\n'.length);
  });
});
