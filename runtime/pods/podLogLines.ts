/**
 * Lines of a container's log as the kubelet sends them, each behind its time: takes the times off and
 * knows how far it is, so that a second stream goes on without loss and without a line twice. Pure.
 */

export interface LogPosition {
  /** Of this pod alone; the next pod of the attempt has a log of its own. */
  uid: string;
  /** Time of the last line, as seconds and nanoseconds since 1970: compared as text. Empty: no line yet. */
  time: string;
  /** Lines with this very time. */
  same: number;
  /** Bytes of the source so far, over all pods of the attempt. */
  bytes: number;
}

/** A line longer than this goes out in parts; should the stream break just then, parts of it come twice. */
const LONGEST_LINE = 256 * 1024;
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

export function writePosition({ uid, time, same, bytes }: LogPosition): string {
  return `${uid} ${time || '-'} ${same} ${bytes}`;
}

/** Where to go on in the log of this pod; a position in another pod's log only counts its bytes. */
export function readPosition(text: string | null | undefined, uid: string): LogPosition {
  const [of, time = '-', same = '0', bytes = '0'] = (text ?? '').split(' ');
  const start = { uid, time: '', same: 0, bytes: Number(bytes) };
  return of === uid && time !== '-' ? { ...start, time, same: Number(same) } : start;
}

/** For `sinceTime`, which has whole seconds: some lines come again and are left out. */
export function sinceTime({ time }: LogPosition): string | undefined {
  if (time === '') return undefined;
  return new Date(Number(time.split('.')[0]) * 1000).toISOString().replace('.000Z', 'Z');
}

export class LogLines {
  #position: LogPosition;
  /** Lines up to here are stored; null once the stream has passed them. */
  #known: { time: string; left: number } | null;
  #rest: Buffer = Buffer.alloc(0);
  /** The line goes on whose first part is out already. */
  #isInside = false;
  #isInsideKnown = false;

  constructor(position: LogPosition) {
    this.#position = { ...position };
    this.#known = position.time === '' ? null : { time: position.time, left: position.same };
  }

  get position(): LogPosition {
    return { ...this.#position };
  }

  /** The new text in these bytes: whole lines without their times. */
  push(bytes: Buffer): Buffer {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    const parts: Buffer[] = [];
    for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10)) {
      this.#line(data.subarray(0, end + 1), parts);
      this.#isInside = false;
      data = data.subarray(end + 1);
    }
    if (data.length > LONGEST_LINE) {
      this.#line(data, parts);
      this.#isInside = true;
      data = Buffer.alloc(0);
    }
    this.#rest = Buffer.from(data);
    return Buffer.concat(parts);
  }

  /** The stream ended as it should: what is left is a line without its end. */
  end(): Buffer {
    const parts: Buffer[] = [];
    if (this.#rest.length > 0) this.#line(this.#rest, parts);
    this.#rest = Buffer.alloc(0);
    return Buffer.concat(parts);
  }

  #line(line: Buffer, parts: Buffer[]): void {
    if (this.#isInside) {
      if (!this.#isInsideKnown) this.#take(line, parts);
      return;
    }
    const space = line.subarray(0, 40).indexOf(32);
    const time = space > 0 ? timeOf(line.toString('latin1', 0, space)) : undefined;
    if (time === undefined) {
      // Words of the kubelet about the log itself have no time, and no place in it.
      this.#isInsideKnown = true;
      return;
    }
    this.#isInsideKnown = this.#isKnown(time);
    if (this.#isInsideKnown) return;
    const { same } = this.#position;
    this.#position.same = this.#position.time === time ? same + 1 : 1;
    this.#position.time = time;
    this.#take(line.subarray(space + 1), parts);
  }

  #isKnown(time: string): boolean {
    if (this.#known === null) return false;
    if (time < this.#known.time) return true;
    if (time === this.#known.time && this.#known.left > 0) {
      this.#known.left -= 1;
      return true;
    }
    this.#known = null;
    return false;
  }

  #take(text: Buffer, parts: Buffer[]): void {
    this.#position.bytes += text.length;
    parts.push(text);
  }
}

function timeOf(stamp: string): string | undefined {
  const found = STAMP.exec(stamp);
  if (!found) return undefined;
  const [, seconds = '', nanos = '', zone = ''] = found;
  const epoch = Date.parse(seconds + zone) / 1000;
  return `${String(epoch).padStart(10, '0')}.${nanos.padEnd(9, '0')}`;
}
