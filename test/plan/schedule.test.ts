/** Ticks of a plan: the first, the next, a range for a backfill, and the interval of a manual run. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  alignedTick,
  firstTick,
  nextTick,
  parseSchedule,
  ticksBetween,
} from '../../src/plan/schedule.ts';
import type { ScheduleFacts, ScheduleInput, Tick } from '../../src/plan/schedule.ts';

function plan(schedule: ScheduleInput, more: Partial<ScheduleFacts> = {}): ScheduleFacts {
  return { schedule: parseSchedule(schedule), timezone: 'UTC', catchup: false, ...more };
}

function at(text: string): Date {
  return new Date(text);
}

/** logical date, start, end and due time, without seconds. */
function show(tick: Tick | null): string | null {
  if (!tick) return null;
  const { logicalDate, intervalStart, intervalEnd, runAt } = tick;
  return [logicalDate, intervalStart, intervalEnd, runAt]
    .map((date) => date.toISOString().slice(0, 16))
    .join(' ');
}

const start = '2026-01-01T00:00:00Z';

describe('firstTick', () => {
  it('takes the latest complete interval without catchup', () => {
    const daily = plan('@daily', { startDate: start });
    const expected = '2026-03-09T00:00 2026-03-09T00:00 2026-03-10T00:00 2026-03-10T00:00';
    assert.equal(show(firstTick(daily, at('2026-03-10T12:00Z'))), expected);
    assert.equal(show(firstTick(daily, at('2026-03-10T00:00Z'))), expected, 'due this moment');
    assert.equal(
      show(firstTick(plan('@daily'), at('2026-03-10T12:00Z'))),
      expected,
      'without a start',
    );
  });

  it('does not go before startDate, nor on to a tick that startDate cuts', () => {
    const daily = plan('@daily', { startDate: '2026-03-09T06:00:00Z' });
    const expected = '2026-03-10T00:00 2026-03-10T00:00 2026-03-11T00:00 2026-03-11T00:00';
    assert.equal(show(firstTick(daily, at('2026-03-10T12:00Z'))), expected);
    assert.equal(show(firstTick(daily, at('2026-01-01T12:00Z'))), expected, 'start in the future');
  });

  it('takes the first tick from startDate with catchup', () => {
    const daily = plan('0 6 * * *', { startDate: start, catchup: true });
    assert.equal(
      show(firstTick(daily, at('2026-03-10T12:00Z'))),
      '2026-01-01T06:00 2026-01-01T06:00 2026-01-02T06:00 2026-01-02T06:00',
    );
  });

  it('is one empty interval for @once, at startDate or now', () => {
    const now = at('2026-03-10T12:00Z');
    const four = (text: string) => Array(4).fill(text).join(' ');
    assert.equal(
      show(firstTick(plan('@once', { startDate: start }), now)),
      four('2026-01-01T00:00'),
    );
    assert.equal(show(firstTick(plan('@once'), now)), four('2026-03-10T12:00'));
    assert.equal(nextTick(plan('@once', { startDate: start }), at(start), now), null);
  });

  it('is now for @continuous, and now again after a run', () => {
    const always = plan('@continuous', { startDate: start, endDate: '2026-04-01T00:00:00Z' });
    const four = (text: string) => Array(4).fill(text).join(' ');
    assert.equal(show(firstTick(always, at('2026-03-10T12:00Z'))), four('2026-03-10T12:00'));
    assert.equal(show(firstTick(always, at('2025-03-10T12:00Z'))), four('2026-01-01T00:00'));
    const now = at('2026-03-10T12:00Z');
    assert.ok((nextTick(always, now, now)?.logicalDate ?? now) > now, 'never the same instant');
    assert.equal(nextTick(always, now, at('2026-04-01T00:01Z')), null);
  });

  it('is null without a schedule, and where the end lies before the start', () => {
    const now = at('2026-03-10T12:00Z');
    assert.equal(firstTick(plan(null, { startDate: start }), now), null);
    assert.equal(nextTick(plan(null, { startDate: start }), now, now), null);
    const bounds = { startDate: start, endDate: '2025-12-31T00:00:00Z' };
    for (const schedule of ['@daily', '@once', '@continuous', { every: '1h' }]) {
      for (const catchup of [true, false]) {
        assert.equal(firstTick(plan(schedule, { ...bounds, catchup }), now), null);
      }
    }
  });

  it('refuses dates outside the years it can count', () => {
    for (const startDate of ['0000-01-01T00:00:00Z', '9999-12-31T00:00:00Z', 'soon']) {
      assert.throws(() => firstTick(plan('@daily', { startDate }), at(start)), /startDate/);
    }
    const endDate = '9999-12-31T00:00:00Z';
    assert.throws(() => nextTick(plan('@daily', { endDate }), at(start), at(start)), /endDate/);
    const last = plan('@yearly', { startDate: '2190-01-01T00:00:00Z', catchup: true });
    assert.equal(nextTick(last, at('2199-01-01T00:00Z'), at(start)), null);
  });

  it('counts `every` in elapsed time from startDate, whatever the clocks do', () => {
    const six = plan(
      { every: '6h' },
      { startDate: '2026-03-28T01:30:00Z', timezone: 'Europe/Berlin', catchup: true },
    );
    const found = [...ticksBetween(six, at('2026-03-28T20:00Z'), at('2026-03-29T14:00Z'), 9)];
    assert.deepEqual(
      found.map((tick) => tick.logicalDate.toISOString().slice(8, 16)),
      ['29T01:30', '29T07:30', '29T13:30'],
    );
    const epoch = firstTick(plan({ every: 86_400 }), at('2026-03-10T12:00Z'));
    assert.equal(epoch?.logicalDate.toISOString(), '2026-03-09T00:00:00.000Z');
  });
});

describe('nextTick', () => {
  it('skips to the latest complete interval without catchup, and to each one with it', () => {
    const now = at('2026-03-10T12:30Z');
    const last = at('2026-03-10T03:00Z');
    const hourly = plan('@hourly', { startDate: start });
    assert.equal(nextTick(hourly, last, now)?.logicalDate.toISOString().slice(11, 16), '11:00');
    const all = { ...hourly, catchup: true };
    assert.equal(nextTick(all, last, now)?.logicalDate.toISOString().slice(11, 16), '04:00');
  });

  it('freshens a stored tick when asked from the moment before it', () => {
    const stored = at('2026-03-10T04:00Z');
    const before = new Date(stored.getTime() - 1);
    const hourly = plan('@hourly', { startDate: start });
    const hour = (now: string) => nextTick(hourly, before, at(now))?.logicalDate.getUTCHours();
    assert.equal(hour('2026-03-10T05:00Z'), 4, 'due on time: the stored one');
    assert.equal(hour('2026-03-10T12:30Z'), 11, 'late, as after a pause: the latest');
  });

  it('waits for the running interval when it is not behind', () => {
    const hourly = plan('@hourly', { startDate: start });
    const tick = nextTick(hourly, at('2026-03-10T11:00Z'), at('2026-03-10T12:30Z'));
    assert.equal(show(tick), '2026-03-10T12:00 2026-03-10T12:00 2026-03-10T13:00 2026-03-10T13:00');
  });

  it('ends with endDate, which still counts', () => {
    const daily = plan('@daily', {
      startDate: start,
      endDate: '2026-01-03T00:00:00Z',
      catchup: true,
    });
    const now = at('2026-03-10T12:30Z');
    assert.equal(nextTick(daily, at('2026-01-02T00:00Z'), now)?.logicalDate.getUTCDate(), 3);
    assert.equal(nextTick(daily, at('2026-01-03T00:00Z'), now), null);
  });

  it('jumps forward when startDate was moved', () => {
    const daily = plan('@daily', { startDate: '2026-02-01T00:00:00Z', catchup: true });
    const tick = nextTick(daily, at('2026-01-03T00:00Z'), at('2026-03-01T00:00Z'));
    assert.equal(tick?.logicalDate.toISOString().slice(0, 10), '2026-02-01');
  });

  it('joins the intervals over a spring gap and an autumn overlap', () => {
    const night = plan('30 2 * * *', {
      timezone: 'Europe/Berlin',
      startDate: start,
      catchup: true,
    });
    const hours = (day: string) => {
      const [tick] = ticksBetween(night, at(`${day}T00:00Z`), at(`${day}T12:00Z`), 1);
      assert.ok(tick);
      return (tick.intervalEnd.getTime() - tick.intervalStart.getTime()) / 3_600_000;
    };
    assert.deepEqual(
      ['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25'].map(hours),
      [23.5, 23.5, 24, 25],
    );
  });
});

describe('ticksBetween', () => {
  it('holds both ends of the range and stops at the limit', () => {
    const daily = plan('@daily', { startDate: start });
    const range = [at('2025-12-30T00:00Z'), at('2026-01-02T00:00Z')] as const;
    const days = [...ticksBetween(daily, ...range, 100)].map((tick) =>
      tick.logicalDate.getUTCDate(),
    );
    assert.deepEqual(days, [30, 31, 1, 2]);
    assert.equal([...ticksBetween(daily, ...range, 2)].length, 2);
    assert.equal([...ticksBetween(daily, ...range, 0)].length, 0);
    assert.equal([...ticksBetween(daily, range[1], range[0], 100)].length, 0, 'reversed');
  });

  it('has the one tick of @once when it lies in the range', () => {
    const once = plan('@once', { startDate: start });
    const count = (to: string) => [...ticksBetween(once, at('2025-01-01'), at(to), 9)].length;
    assert.equal(count('2026-01-01T00:00Z'), 1);
    assert.equal(count('2025-12-31T00:00Z'), 0);
    for (const kind of ['@continuous', null]) {
      assert.equal([...ticksBetween(plan(kind), at('2025-01-01'), at('2026-01-01'), 9)].length, 0);
    }
  });

  it('walks 20 years of an hourly DAG in under 3 seconds', () => {
    const hourly = plan('@hourly', { timezone: 'America/New_York', catchup: true });
    const began = performance.now();
    let count = 0;
    for (const tick of ticksBetween(hourly, at('2006-01-01'), at('2026-01-01'), 1e6)) {
      count += tick.runAt > tick.logicalDate ? 1 : 0;
    }
    assert.equal(count, 175_321);
    assert.ok(performance.now() - began < 3000);
  });
});

describe('alignedTick', () => {
  it('gives a manual run the last complete interval', () => {
    const hourly = plan('@hourly', { startDate: start });
    assert.equal(
      show(alignedTick(hourly, at('2026-03-10T10:20Z'))),
      '2026-03-10T10:20 2026-03-10T09:00 2026-03-10T10:00 2026-03-10T10:20',
    );
    assert.equal(
      show(alignedTick(hourly, at('2026-03-10T10:00Z'))),
      '2026-03-10T10:00 2026-03-10T09:00 2026-03-10T10:00 2026-03-10T10:00',
    );
    assert.equal(
      show(alignedTick(plan({ every: '6h' }), at('2026-03-10T10:20Z'))),
      '2026-03-10T10:20 2026-03-10T00:00 2026-03-10T06:00 2026-03-10T10:20',
    );
  });

  it('is empty where there is no calendar', () => {
    for (const kind of [null, '@once', '@continuous']) {
      const tick = alignedTick(plan(kind), at('2026-03-10T10:20Z'));
      assert.deepEqual(tick.intervalStart, tick.intervalEnd);
      assert.deepEqual(tick.logicalDate, at('2026-03-10T10:20Z'));
    }
  });
});

describe('ticks, whatever the schedule', () => {
  const schedule = fc.oneof(
    fc.constantFrom('@hourly', '@daily', '@weekly', '30 2 * * *', '15,45 1,2,3 * * *'),
    fc.constantFrom(
      '*/7 * * * *',
      '0 0-6/2 * * 1-5',
      '5 0 L * *',
      '0 3 13 * FRI',
      '59 23 * * SUN#2',
    ),
    fc.integer({ min: 60, max: 400_000 }).map((every) => ({ every })),
    fc
      .tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 }))
      .map(([minute, hour]) => `${minute} ${hour} * * *`),
  );
  const timezone = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'Africa/Casablanca',
    'America/St_Johns',
  );
  const instant = fc
    .integer({ min: Date.UTC(2005, 0, 1) / 1000, max: Date.UTC(2030, 0, 1) / 1000 })
    .map((seconds) => new Date(seconds * 1000));

  it('rise, touch each other, and are the same one by one as in a range', () => {
    fc.assert(
      fc.property(schedule, timezone, instant, (input, zone, from) => {
        const facts = plan(input, {
          timezone: zone,
          startDate: from.toISOString(),
          catchup: true,
        });
        const walked: Tick[] = [];
        for (
          let tick = firstTick(facts, from);
          tick && walked.length < 60;
          tick = nextTick(facts, tick.logicalDate, from)
        ) {
          walked.push(tick);
        }
        assert.equal(walked.length, 60);
        const ranged = [...ticksBetween(facts, from, at('2199-01-01'), 60)];
        assert.deepEqual(walked, ranged);
        for (const [index, tick] of walked.entries()) {
          assert.ok(tick.intervalEnd > tick.intervalStart);
          assert.deepEqual(tick.runAt, tick.intervalEnd);
          const following = walked[index + 1];
          if (following) assert.deepEqual(following.logicalDate, tick.intervalEnd);
          const manual = alignedTick(facts, tick.runAt);
          assert.deepEqual(manual.intervalStart, tick.intervalStart, 'backwards as forwards');
        }
      }),
      { numRuns: 150 },
    );
  });

  it('never fall behind without catchup: the tick after "now" is at most one interval old', () => {
    fc.assert(
      fc.property(schedule, timezone, instant, instant, (input, zone, first, second) => {
        const [from, now] = first < second ? [first, second] : [second, first];
        const facts = plan(input, { timezone: zone, startDate: from.toISOString() });
        const tick = firstTick(facts, now);
        assert.ok(tick && tick.logicalDate >= from);
        const following = nextTick(facts, tick.logicalDate, now);
        assert.ok(following);
        assert.ok(following.runAt > now, 'the one after the latest complete is not yet due');
        assert.deepEqual(following.logicalDate, tick.intervalEnd);
      }),
      { numRuns: 150 },
    );
  });
});
