/**
 * Cron in time zones against three judges: dates worked out by hand, the wall clock of Intl minute
 * by minute, and croner itself where its definition is ours.
 */
import assert from 'node:assert/strict';
import { Cron } from 'croner';
import { calendarOf } from '../../src/plan/cron.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

function walk(cron: string, zone: string, from: string, to: string): string[] {
  const calendar = calendarOf(cron, zone);
  const end = Date.parse(to);
  const found: string[] = [];
  let at = calendar.next(Date.parse(from) - 1);
  while (at !== null && at < end) {
    found.push(new Date(at).toISOString().slice(0, 16));
    at = calendar.next(at);
  }
  return found;
}

function walkBack(cron: string, zone: string, from: string, to: string): string[] {
  const calendar = calendarOf(cron, zone);
  const found: string[] = [];
  let at = calendar.previous(Date.parse(to));
  while (at !== null && at >= Date.parse(from)) {
    found.push(new Date(at).toISOString().slice(0, 16));
    at = calendar.previous(at);
  }
  return found.reverse();
}

describe('cron in time zones', () => {
  const byHand: [name: string, cron: string, zone: string, from: string, to: string, string[]][] = [
    [
      'a fixed time in the spring gap runs at its end',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      '2026-03-31T12:00Z',
      ['2026-03-29T01:00', '2026-03-30T00:30', '2026-03-31T00:30'],
    ],
    [
      'several fixed times in one gap run together, once',
      '15,45 2,14 * * *',
      'Europe/Berlin',
      '2026-03-28T23:00Z',
      '2026-03-29T23:00Z',
      ['2026-03-29T01:00', '2026-03-29T12:15', '2026-03-29T12:45'],
    ],
    [
      'a fixed time in the autumn overlap runs at its first pass',
      '30 1 * * *',
      'America/New_York',
      '2026-10-31T12:00Z',
      '2026-11-02T12:00Z',
      ['2026-11-01T05:30', '2026-11-02T06:30'],
    ],
    [
      'a list of hours counts as fixed times',
      '30 2,3 * * *',
      'Europe/Berlin',
      '2026-10-24T22:00Z',
      '2026-10-25T22:00Z',
      ['2026-10-25T00:30', '2026-10-25T02:30'],
    ],
    [
      'a range of hours runs in both passes',
      '30 2-3 * * *',
      'Europe/Berlin',
      '2026-10-24T22:00Z',
      '2026-10-25T22:00Z',
      ['2026-10-25T00:30', '2026-10-25T01:30', '2026-10-25T02:30'],
    ],
    [
      'an hourly DAG has no doubled and no missing hour in autumn',
      '0 * * * *',
      'Europe/Berlin',
      '2026-10-24T23:00Z',
      '2026-10-25T04:00Z',
      [
        '2026-10-24T23:00',
        '2026-10-25T00:00',
        '2026-10-25T01:00',
        '2026-10-25T02:00',
        '2026-10-25T03:00',
      ],
    ],
    [
      'and none in spring',
      '0 * * * *',
      'America/New_York',
      '2026-03-08T05:00Z',
      '2026-03-08T09:00Z',
      ['2026-03-08T05:00', '2026-03-08T06:00', '2026-03-08T07:00', '2026-03-08T08:00'],
    ],
    [
      'minutes of a fixed hour have no tick on the day that lacks the hour',
      '*/20 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      '2026-03-30T12:00Z',
      ['2026-03-30T00:00', '2026-03-30T00:20', '2026-03-30T00:40'],
    ],
    [
      'the half hour of Lord Howe, spring: 02:15 runs at 02:30',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T00:00Z',
      '2026-10-05T00:00Z',
      ['2026-10-03T15:30', '2026-10-04T15:15'],
    ],
    [
      'the half hour of Lord Howe, autumn: 01:45 runs at its first pass',
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-04T00:00Z',
      '2026-04-06T00:00Z',
      ['2026-04-04T14:45', '2026-04-05T15:15'],
    ],
    [
      'Kathmandu is 5:45 ahead',
      '0 6 * * *',
      'Asia/Kathmandu',
      '2026-01-01T00:00Z',
      '2026-01-03T00:00Z',
      ['2026-01-01T00:15', '2026-01-02T00:15'],
    ],
    [
      'Samoa had no 30 December 2011',
      '0 12 * * *',
      'Pacific/Apia',
      '2011-12-29T00:00Z',
      '2012-01-01T00:00Z',
      ['2011-12-29T22:00', '2011-12-30T22:00', '2011-12-31T22:00'],
    ],
    [
      'and a yearly DAG of that date skips the year',
      '0 0 30 12 *',
      'Pacific/Apia',
      '2010-06-01T00:00Z',
      '2013-06-01T00:00Z',
      ['2010-12-30T10:00', '2012-12-29T10:00'],
    ],
    [
      'Casablanca turns back for Ramadan and forth after it',
      '30 2 * * *',
      'Africa/Casablanca',
      '2026-02-14T00:00Z',
      '2026-02-17T00:00Z',
      ['2026-02-14T01:30', '2026-02-15T01:30', '2026-02-16T02:30'],
    ],
    [
      'Casablanca, spring gap',
      '30 2 * * *',
      'Africa/Casablanca',
      '2026-03-21T00:00Z',
      '2026-03-24T00:00Z',
      ['2026-03-21T02:30', '2026-03-22T02:00', '2026-03-23T01:30'],
    ],
    [
      'midnight that falls in a gap runs at 01:00',
      '0 0 * * *',
      'America/Sao_Paulo',
      '2018-11-03T00:00Z',
      '2018-11-06T00:00Z',
      ['2018-11-03T03:00', '2018-11-04T03:00', '2018-11-05T02:00'],
    ],
    [
      'leap days only, and no 29 February 2100',
      '0 0 29 2 *',
      'UTC',
      '2092-01-01T00:00Z',
      '2109-01-01T00:00Z',
      ['2092-02-29T00:00', '2096-02-29T00:00', '2104-02-29T00:00', '2108-02-29T00:00'],
    ],
    [
      'day of month OR day of week when both are given',
      '0 0 13 * 5',
      'UTC',
      '2026-01-12T00:00Z',
      '2026-01-31T00:00Z',
      ['2026-01-13T00:00', '2026-01-16T00:00', '2026-01-23T00:00', '2026-01-30T00:00'],
    ],
    [
      'day of week alone when the day of month is *',
      '0 0 * * 5',
      'UTC',
      '2026-01-12T00:00Z',
      '2026-01-31T00:00Z',
      ['2026-01-16T00:00', '2026-01-23T00:00', '2026-01-30T00:00'],
    ],
    [
      'both with +',
      '0 0 13 * +5',
      'UTC',
      '2026-01-01T00:00Z',
      '2026-12-31T00:00Z',
      ['2026-02-13T00:00', '2026-03-13T00:00', '2026-11-13T00:00'],
    ],
    [
      'the last day of the month',
      '0 0 L * *',
      'UTC',
      '2028-01-01T00:00Z',
      '2028-04-01T00:00Z',
      ['2028-01-31T00:00', '2028-02-29T00:00', '2028-03-31T00:00'],
    ],
  ];
  for (const [name, cron, zone, from, to, expected] of byHand) {
    it(`${name} (${cron}, ${zone})`, () => {
      assert.deepEqual(walk(cron, zone, from, to), expected);
      assert.deepEqual(walkBack(cron, zone, from, to), expected, 'backwards');
    });
  }

  /** Zone and a day near a change of its clock. */
  const CHANGES: [string, string][] = [
    ['Europe/Berlin', '2026-03-29'],
    ['Europe/Berlin', '2026-10-25'],
    ['America/New_York', '2026-03-08'],
    ['America/New_York', '2026-11-01'],
    ['Australia/Lord_Howe', '2026-04-05'],
    ['Australia/Lord_Howe', '2026-10-04'],
    ['Pacific/Apia', '2011-12-30'],
    ['Africa/Casablanca', '2026-02-15'],
    ['Africa/Casablanca', '2026-03-22'],
    ['America/Sao_Paulo', '2018-11-04'],
    ['America/Sao_Paulo', '2018-02-18'],
    ['America/St_Johns', '2006-10-29'],
    ['America/Scoresbysund', '2024-03-31'],
    ['Asia/Kathmandu', '2026-01-01'],
    ['Asia/Beirut', '2026-03-29'],
    ['Africa/Monrovia', '1972-01-07'],
  ];

  /** Every real minute at which the clock of the zone shows a time that the test accepts. */
  function shown(zone: string, from: number, to: number, test: (h: number, m: number) => boolean) {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const found: string[] = [];
    for (let at = from; at < to; at += MINUTE) {
      const [hour = 0, minute = 0] = format.format(at).split(':').map(Number);
      if (test(hour, minute)) found.push(new Date(at).toISOString().slice(0, 16));
    }
    return found;
  }

  it('repeating expressions match the wall clock of Intl at every real minute', () => {
    const repeating: [string, (h: number, m: number) => boolean][] = [
      ['* * * * *', () => true],
      ['0 * * * *', (_, m) => m === 0],
      ['*/15 * * * *', (_, m) => m % 15 === 0],
      ['5 */2 * * *', (h, m) => h % 2 === 0 && m === 5],
      ['30 0-3 * * *', (h, m) => h <= 3 && m === 30],
      ['*/10 1,23 * * *', (h, m) => (h === 1 || h === 23) && m % 10 === 0],
    ];
    for (const [zone, day] of CHANGES.filter(([name]) => name !== 'Africa/Monrovia')) {
      const from = Date.parse(`${day}T00:00Z`) - DAY;
      const to = from + 3 * DAY;
      for (const [cron, test] of repeating) {
        const span = [new Date(from).toISOString(), new Date(to).toISOString()] as const;
        const expected = shown(zone, from, to, test);
        assert.ok(expected.length > 2);
        assert.deepEqual(walk(cron, zone, ...span), expected, `${cron} ${zone} ${day}`);
        assert.deepEqual(walkBack(cron, zone, ...span), expected, `${cron} ${zone} ${day} back`);
      }
    }
  });

  it('agrees with croner wherever its definition is ours', () => {
    const crons = ['0 * * * *', '*/7 * * * *', '30 2 * * *', '0 0 * * *', '30 1,2,3 * * 0,6'];
    for (const [zone, day] of CHANGES) {
      // Offsets with seconds, as Liberia had until 1972: croner reads whole minutes only.
      if (zone === 'Africa/Monrovia') continue;
      const from = new Date(Date.parse(`${day}T00:00Z`) - 3 * DAY);
      const to = new Date(from.getTime() + 6 * DAY);
      for (const cron of crons) {
        const fixedTimeRule = cron.includes('1,2,3') ? 'no-wildcard' : 'single-value';
        const croner = new Cron(cron, { timezone: zone, mode: '5-part', fixedTimeRule });
        const expected: string[] = [];
        let at = croner.nextRun(new Date(from.getTime() - 1));
        while (at && at < to) {
          expected.push(at.toISOString().slice(0, 16));
          at = croner.nextRun(at);
        }
        const ours = walk(cron, zone, from.toISOString(), to.toISOString());
        assert.deepEqual(ours, expected, `${cron} ${zone} ${day}`);
      }
    }
  });

  it('keeps real time where an offset has seconds (Liberia until 1972)', () => {
    assert.deepEqual(
      walk('0 0 * * *', 'Africa/Monrovia', '1972-01-06T00:00Z', '1972-01-09T00:00Z'),
      ['1972-01-06T00:44', '1972-01-07T00:44', '1972-01-08T00:00'],
    );
  });
});
