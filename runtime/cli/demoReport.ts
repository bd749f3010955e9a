/** What the demo expects of the report of its main example. Pure; called by demo.ts. */
import type { TaskProgress } from './runProgress.ts';

/** The parts of examples/flights/report.ts that are looked at here. */
export interface DemoReport {
  text: string;
  totals: { flights: number; late: number };
  airports: { code: string; latePercent: number }[];
  hours: object | null;
  distance: object | null;
  verdict: string;
}

/** Numbers of the data set itself, counted apart from the pipeline. */
const FLIGHTS = 2000;
const LATE = 427;
const AIRPORTS = 6;
const WORST_MOST = 100;

/** One sentence for each thing that is not as it should be. */
export function reportProblems(report: DemoReport | null, tasks: TaskProgress[]): string[] {
  if (report === null) return ['there is no report'];
  const { totals, airports, verdict } = report;
  const expected: [boolean, string][] = [
    [totals.flights === FLIGHTS, `${totals.flights} flights were counted, not ${FLIGHTS}`],
    [totals.late === LATE, `${totals.late} late flights were counted, not ${LATE}`],
    [airports.length === AIRPORTS, `${airports.length} airports are reported, not ${AIRPORTS}`],
    [
      airports.every(({ latePercent }) => latePercent >= 0 && latePercent <= WORST_MOST),
      'an airport has an impossible share of late flights',
    ],
    [verdict !== '', 'no branch gave a verdict'],
    ...(['hours', 'distance'] as const).map((part): [boolean, string] => [
      (report[part] !== null) === (stateOf(part, tasks) === 'success'),
      `the part "${part}" of the report does not fit the state of its task`,
    ]),
  ];
  return expected.flatMap(([holds, words]) => (holds ? [] : [words]));
}

function stateOf(id: string, tasks: TaskProgress[]): string | undefined {
  return tasks.find(({ task }) => task === id)?.state;
}
