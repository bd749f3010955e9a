/** What the CLI prints: tables, JSON, progress, colours, durations, errors and their exit codes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { CommanderError } from 'commander';
import { age, bytes, count, date, duration } from '../../runtime/explain/human.ts';
import { state } from '../../runtime/cli/stateColour.ts';
import { asPodlineErrors, exitCodeOf, reportError } from '../../runtime/cli/exit.ts';
import { createOutput } from '../../runtime/cli/output.ts';
import type { Column, Output } from '../../runtime/cli/output.ts';
import { PodlineError, PodlineErrors } from '../../src/errors.ts';

interface Screen {
  output: Output;
  stdout: () => string;
  stderr: () => string;
}

function screen(
  options: { json?: boolean; tty?: boolean; columns?: number; env?: Record<string, string> } = {},
): Screen {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => ({
    isTTY: options.tty ?? false,
    columns: options.columns,
    write(text: string) {
      texts[name] += text;
    },
  });
  const output = createOutput({
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: options.env ?? {},
    json: options.json ?? false,
  });
  return { output, stdout: () => texts.stdout, stderr: () => texts.stderr };
}

interface Dag {
  id: string;
  tasks: number;
  note: string | null;
}
const dags: Dag[] = [
  { id: 'sales', tasks: 12, note: 'Every morning, with a rather long description of it' },
  { id: 'a.very.long.dag.id', tasks: 3, note: null },
];
const columns: Column<Dag>[] = [
  { title: 'DAG', value: (dag) => dag.id },
  { title: 'TASKS', value: (dag) => dag.tasks, align: 'right' },
  { title: 'NOTE', value: (dag) => dag.note, shrink: true },
];

describe('tables', () => {
  it('align columns and leave nothing out when the reader is a program', () => {
    const { output, stdout } = screen({ columns: 20 });
    output.printTable(dags, columns);
    assert.equal(
      stdout(),
      [
        'DAG                 TASKS  NOTE',
        'sales                  12  Every morning, with a rather long description of it',
        'a.very.long.dag.id      3  -',
        '',
      ].join('\n'),
    );
  });

  it('cut the column that may shrink to the width of the terminal', () => {
    const { output, stdout } = screen({ tty: true, columns: 45, env: { NO_COLOR: '1' } });
    output.printTable(dags, columns);
    const lines = stdout().trimEnd().split('\n');
    assert.equal(lines[1], 'sales                  12  Every morning, wi…');
    for (const line of lines) assert.ok(line.length <= 45, line);
  });

  it('stay whole where nothing may shrink', () => {
    const { output, stdout } = screen({ tty: true, columns: 10, env: { NO_COLOR: '1' } });
    output.printTable(dags, columns);
    assert.match(stdout(), /a\.very\.long\.dag\.id {6}3 {2}-/);
  });

  it('neither break nor obey control characters in a value', () => {
    const { output, stdout } = screen();
    const note = 'one\ntwo\u001b[2J\u001b]0;title\u0007\u0000\u202eend';
    output.printTable([{ id: 'x', tasks: 1, note }], columns);
    assert.equal(stdout().split('\n')[1], 'x        1  one twoend');
  });

  it('say so when there is nothing', () => {
    const { output, stdout } = screen();
    output.printTable([], columns, 'No DAGs are registered.');
    assert.equal(stdout(), 'No DAGs are registered.\n');
  });
});

describe('--json', () => {
  it('prints rows as they are and keeps stdout free of all else', () => {
    const { output, stdout, stderr } = screen({ json: true });
    output.print('for people');
    output.printRows(dags, columns);
    output.note('working');
    output.progress().update('half');
    assert.deepEqual(JSON.parse(stdout()), dags);
    assert.equal(stderr(), 'working\nhalf\n');
  });

  it('prints an empty list as a list, big integers as text and dates in ISO form', () => {
    const empty = screen({ json: true });
    empty.output.printRows([], columns, 'Nothing.');
    assert.equal(empty.stdout(), '[]\n');
    const line = screen({ json: true });
    line.output.printJsonLine({ id: 2n ** 60n, at: new Date(0) });
    assert.equal(line.stdout(), '{"id":"1152921504606846976","at":"1970-01-01T00:00:00.000Z"}\n');
  });
});

describe('colours', () => {
  const red = (options: Parameters<typeof screen>[0]) => screen(options).output.colours.red('x');

  it('are for terminals; NO_COLOR forbids and FORCE_COLOR demands them', () => {
    assert.equal(red({ tty: true }), '\u001b[31mx\u001b[39m');
    assert.equal(red({ tty: false }), 'x');
    assert.equal(red({ tty: true, env: { NO_COLOR: '1' } }), 'x');
    assert.equal(red({ tty: true, env: { NO_COLOR: '', TERM: 'xterm' } }), '\u001b[31mx\u001b[39m');
    assert.equal(red({ tty: true, env: { TERM: 'dumb' } }), 'x');
    assert.equal(red({ tty: false, env: { FORCE_COLOR: '1' } }), '\u001b[31mx\u001b[39m');
    assert.equal(red({ tty: true, env: { FORCE_COLOR: '1', NO_COLOR: '1' } }), 'x');
  });

  it('never replace the word of a state', () => {
    const { colours } = screen({ tty: true }).output;
    assert.equal(state('failed', colours), '\u001b[31mfailed\u001b[39m');
    assert.equal(state('something new', colours), 'something new');
  });
});

describe('progress', () => {
  it('is one line per change where it cannot redraw', () => {
    const { output, stderr } = screen();
    const progress = output.progress();
    for (const text of ['1 of 2', '1 of 2', '2 of 2']) progress.update(text);
    progress.done('done');
    progress.done();
    assert.equal(stderr(), '1 of 2\n2 of 2\ndone\n');
  });

  it('redraws in place on a terminal and leaves the last words standing', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
    const output = createOutput({ stdout: stream, stderr: stream, env: {}, json: false });
    const progress = output.progress();
    progress.update('1 of 2');
    progress.update('2 of 2');
    progress.done('all done');
    const written = String(stream.read());
    assert.match(written, /1 of 2/);
    assert.match(written, /\u001b\[/, 'moves the cursor');
    assert.match(written, /all done/);
  });
});

describe('words for numbers', () => {
  it('durations', () => {
    const cases: [number | null, string][] = [
      [null, '-'],
      [Number.NaN, '-'],
      [0, '0 ms'],
      [0.25, '250 ms'],
      [0.9996, '1.0 s'],
      [4.21, '4.2 s'],
      [9.96, '10 s'],
      [59.6, '1 min'],
      [65, '1 min 5 s'],
      [3599.7, '1 h'],
      [7300, '2 h 2 min'],
      [86_399, '1 d'],
      [90_000, '1 d 1 h'],
      [-5, '-5.0 s'],
    ];
    for (const [seconds, words] of cases) assert.equal(duration(seconds), words, String(seconds));
  });

  it('dates and ages', () => {
    const now = new Date('2026-03-10T12:00:00Z');
    assert.equal(date('2026-01-31T06:00:00.000Z'), '2026-01-31 06:00:00Z');
    assert.equal(date(new Date('2026-01-31T06:00:00.250Z')), '2026-01-31 06:00:00.250Z');
    assert.equal(date(null), '-');
    assert.equal(date('soon'), '-');
    assert.equal(age('2026-03-10T11:59:55Z', now), '5 s ago');
    assert.equal(age('2026-03-10T11:56:10Z', now), '3 min ago');
    assert.equal(age('2026-03-10T14:00:00Z', now), 'in 2 h');
    assert.equal(age(now, now), 'now');
    assert.equal(age(null, now), '-');
  });

  it('sizes and counts', () => {
    assert.deepEqual([0, 999, 1500, 262_144, 5e9].map(bytes), [
      '0 B',
      '999 B',
      '1.5 KB',
      '262 KB',
      '5.0 GB',
    ]);
    assert.equal(count(1, 'run'), '1 run');
    assert.equal(count(12_000, 'run'), '12,000 runs');
  });
});

describe('errors at the end of a command', () => {
  const missing = new PodlineError('not_found.dag', { dag: 'sals' });

  it('say the problem, the remedy and the code, and end with the code of the registry', () => {
    const { output, stdout, stderr } = screen();
    assert.equal(reportError(missing, output), 3);
    assert.equal(stdout(), '');
    assert.match(
      stderr(),
      /^error: There is no DAG "sals"\.\n +`podline dags list` .*\n +\(not_found\.dag\)\n$/,
    );
  });

  it('are JSON too with --json', () => {
    const { output, stdout, stderr } = screen({ json: true });
    const cycle = new PodlineError('dag.cycle', { dag: 'x', path: 'a -> a' });
    assert.equal(reportError(new PodlineErrors([cycle, missing]), output), 2);
    assert.equal(stdout(), '');
    const { error, errors } = JSON.parse(stderr()) as {
      error: { code: string };
      errors: { code: string }[];
    };
    assert.equal(error.code, 'dag.cycle');
    assert.deepEqual(
      errors.map((one) => one.code),
      ['dag.cycle', 'not_found.dag'],
    );
  });

  it('of sockets and a starting database mean unreachable', async () => {
    const { connect } = await import('node:net');
    const refused = await new Promise<Error>((resolve) =>
      connect(1, '127.0.0.1').on('error', resolve),
    );
    assert.equal(exitCodeOf(refused), 4);
    assert.match(asPodlineErrors(refused)[0]?.problem ?? '', /127\.0\.0\.1:1 cannot be reached/);
    assert.equal(exitCodeOf(new AggregateError([refused])), 4);
    assert.equal(exitCodeOf(Object.assign(new Error('starting'), { code: '57P03' })), 4);
    assert.equal(exitCodeOf(Object.assign(new Error('duplicate key'), { code: '23505' })), 70);
  });

  it('of usage point to --help, and asking for help is none', () => {
    const { output, stderr } = screen();
    const wrong = new CommanderError(
      1,
      'commander.unknownCommand',
      "error: unknown command 'dgas'",
    );
    assert.equal(reportError(wrong, output), 2);
    assert.match(stderr(), /^error: unknown command 'dgas'\.\n +See `podline --help`\./);
    for (const code of ['commander.help', 'commander.helpDisplayed', 'commander.version']) {
      assert.equal(exitCodeOf(new CommanderError(0, code, '')), 0);
    }
  });

  it('that nobody foresaw are called our own bug, with the stack', () => {
    const { output, stderr } = screen();
    assert.equal(reportError(new TypeError('x is not a function'), output), 70);
    assert.match(stderr(), /inside podline: x is not a function[\s\S]*at /);
    assert.equal(exitCodeOf('a thrown text'), 70);
  });

  it('do not come up when the reader closes the pipe', () => {
    const exit = new URL('../../runtime/cli/exit.ts', import.meta.url).href;
    const program = `
      import { endQuietlyOnClosedPipe } from ${JSON.stringify(exit)};
      endQuietlyOnClosedPipe(process.stdout, () => process.exit(0));
      const write = (error) => error || process.stdout.write('line\\n'.repeat(1000), write);
      write();`;
    const line = '"$0" --input-type=module -e "$1" | head -n 1; exit "${PIPESTATUS[0]}"';
    const ended = spawnSync('bash', ['-c', line, process.execPath, program], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    assert.deepEqual([ended.status, ended.stdout, ended.stderr], [0, 'line\n', '']);
  });
});
