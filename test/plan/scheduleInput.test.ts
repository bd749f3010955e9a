/** What an author may write as schedule, interval, time zone and date, and what each mistake says. */
import assert from 'node:assert/strict';
import { isTimezone, parseInstant, parseSchedule } from '../../src/plan/schedule.ts';
import type { ScheduleInput } from '../../src/plan/schedule.ts';

describe('parseSchedule', () => {
  it('reads presets, cron, intervals and the kinds without a calendar', () => {
    const cases: [ScheduleInput, unknown][] = [
      ['@hourly', { kind: 'cron', cron: '0 * * * *' }],
      ['@daily', { kind: 'cron', cron: '0 0 * * *' }],
      ['@midnight', { kind: 'cron', cron: '0 0 * * *' }],
      ['@weekly', { kind: 'cron', cron: '0 0 * * 0' }],
      ['@monthly', { kind: 'cron', cron: '0 0 1 * *' }],
      ['@yearly', { kind: 'cron', cron: '0 0 1 1 *' }],
      ['@annually', { kind: 'cron', cron: '0 0 1 1 *' }],
      ['@once', { kind: 'once' }],
      ['@continuous', { kind: 'continuous' }],
      [null, { kind: 'none' }],
      [undefined, { kind: 'none' }],
      ['  */5   9-17 * *\tMON-FRI ', { kind: 'cron', cron: '*/5 9-17 * * MON-FRI' }],
      ['0 0 L * *', { kind: 'cron', cron: '0 0 L * *' }],
      ['0 0 29 2 *', { kind: 'cron', cron: '0 0 29 2 *' }],
      [{ every: 90 }, { kind: 'interval', seconds: 90 }],
      [{ every: '6h' }, { kind: 'interval', seconds: 21_600 }],
      [{ every: '1h30m' }, { kind: 'interval', seconds: 5400 }],
      [{ every: '2w' }, { kind: 'interval', seconds: 1_209_600 }],
    ];
    for (const [input, expected] of cases) assert.deepEqual(parseSchedule(input), expected);
  });

  const refused: [string, unknown, RegExp][] = [
    ['a minute that does not exist', '60 * * * *', /minute 60 is not between 0 and 59/],
    ['every field that is wrong', '0 25 * 13 *', /hour 25 .*; month 13 /],
    ['six fields', '0 0 6 * * *', /has 5 fields, this one has 6 \(seconds/],
    ['seven fields', '0 0 6 * * * 2027', /this one has 7/],
    ['four fields', '0 6 * *', /this one has 4/],
    ['no text', '', /this one has 0/],
    ['an unknown preset', '@never', /no preset "@never"; known are @hourly/],
    ['a preset named like a property', '@constructor', /no preset/],
    ['a date that never comes', '* * 31 2 *', /no date ever matches/],
    ['a month without that day', '0 0 31 4,6,9,11 *', /no date ever matches/],
    ['a date instead of a cron', '2027-01-01T00:00:00', /this one has 1/],
    ['a reversed range', '5-3 * * * *', /larger/],
    ['a step of nought', '*/0 * * * *', /step/],
    ['a negative number', '-1 * * * *', /minute field "-1" is not readable/],
    ['an empty list item', '0 0 1,,2 * *', /day of month field "1,,2" is not readable/],
    ['digits of another script', '٣ * * * *', /not readable/],
    ['an interval of nought', { every: 0 }, /whole number of seconds/],
    ['a negative interval', { every: -60 }, /every: -60 is negative/],
    ['a part of a second', { every: 0.5 }, /whole number of seconds/],
    ['no number', { every: Number.NaN }, /no finite number/],
    ['an endless interval', { every: Infinity }, /no finite number/],
    ['an interval of a century', { every: '40000d' }, /longer than 68 years/],
    ['an interval of twenty years', { every: '7300d' }, /longer than ten years/],
    ['a part of a second in words', { every: '1500ms' }, /whole number of seconds/],
    ['an unknown unit', { every: '6y' }, /every: "6y" is no duration/],
    ['an empty interval', { every: '' }, /no duration/],
    ['a number', 5, /neither text/],
    ['an object without every', {}, /neither text/],
  ];
  for (const [name, input, reason] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => parseSchedule(input as ScheduleInput), reason);
    });
  }

  it('answers long input at once', () => {
    const started = performance.now();
    assert.throws(() => parseSchedule({ every: `${'1h'.repeat(20_000)}!` }));
    assert.throws(() => parseSchedule(`${'1,'.repeat(20_000)}! * * * *`));
    assert.ok(performance.now() - started < 1000);
  });
});

describe('isTimezone', () => {
  it('knows names of the IANA database and nothing else', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe']) {
      assert.ok(isTimezone(zone), zone);
    }
    for (const zone of ['', 'Mars/Olympus', '+02:00', 'Europe/Berlin ', 'UTC+2', '__proto__']) {
      assert.ok(!isTimezone(zone), zone);
    }
  });
});

describe('parseInstant', () => {
  const read = (text: string, zone?: string) => parseInstant(text, zone).toISOString();

  it('reads offsets, and local time in the zone of the DAG', () => {
    assert.equal(read('2026-01-31T06:00:00Z'), '2026-01-31T06:00:00.000Z');
    assert.equal(read('2026-01-31T06:00+05:45'), '2026-01-31T00:15:00.000Z');
    assert.equal(read('2026-01-31T06:00:00.25-0300'), '2026-01-31T09:00:00.250Z');
    assert.equal(read('2026-07-01', 'Europe/Berlin'), '2026-06-30T22:00:00.000Z');
    assert.equal(read('2026-01-01 12:00', 'Asia/Kathmandu'), '2026-01-01T06:15:00.000Z');
    assert.equal(read('2026-03-29T02:30', 'Europe/Berlin'), '2026-03-29T01:00:00.000Z');
    assert.equal(read('2026-10-25T02:30', 'Europe/Berlin'), '2026-10-25T00:30:00.000Z');
  });

  const refused: [string, RegExp][] = [
    ['0000-01-01', /between the years/],
    ['9999-12-31T23:59:59Z', /between the years/],
    ['2026-02-30T00:00:00Z', /does not exist/],
    ['2026-13-01', /does not exist/],
    ['2025-02-29', /does not exist/],
    ['2026-01-01T24:00:00Z', /does not exist/],
    ['2026-01-01T00:60', /does not exist/],
    ['2026-01-01T00:00+99:00', /impossible offset/],
    ['yesterday', /no ISO 8601/],
    ['1767225600', /no ISO 8601/],
    ['', /no ISO 8601/],
  ];
  for (const [text, reason] of refused) {
    it(`refuses "${text}"`, () => assert.throws(() => parseInstant(text), reason));
  }
});
