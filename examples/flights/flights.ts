/**
 * The main example, run by `npm run demo`: where and when do flights leave late? Real data (2,000 US
 * flights of 2001 and a list of airports, from the npm package vega-datasets), plain files of analysts
 * beside this file (bash/, sql/, python/, r/), and typed steps in between.
 *
 *   tables -> fetch_flights -> load_flights  -> check -> delays -> busiest -> airport (one task each)
 *                  |   |                          |        |                           |
 *                  |   +-> fetch_airports -> load_airports |                           |
 *                  |                              +--> sample -> distance (R)          |
 *                  +-> hours (Python)                      +--> verdict -> alarm | calm|
 *                                                                                      v
 *                                        everything ------------------------------> report
 */
import {
  type RetryOptions,
  CheckFailed,
  bash,
  branch,
  dag,
  json,
  python,
  r,
  sql,
  typescript,
} from 'podline/dag';
import {
  type Airport,
  type AirportDelays,
  type Flight,
  type Hours,
  type Quality,
  type Regression,
  type Totals,
  broken,
} from './records.ts';
import { makeReport } from './report.ts';

const connection = 'warehouse';

/** Where the program of a language is missing, the task is skipped and says so; other failures fail. */
const skipWithoutProgram: RetryOptions = {
  max: 0,
  rules: [{ causes: ['missing_program'], action: 'skip' }],
};

export const flights = dag(
  'flights',
  {
    description: 'Delays of flights by airport, hour and distance',
    tags: ['example'],
    schedule: null,
    // Two runs at once would replace each other's tables.
    maxActiveRuns: 1,
    params: {
      source: {
        type: 'string',
        default: 'https://cdn.jsdelivr.net/npm/vega-datasets@3.2.1/data',
        description: 'URL or folder that holds flights-2k.json and airports.csv',
      },
      lateMinutes: { type: 'integer', default: 15, minimum: 0 },
      airports: { type: 'integer', default: 6, minimum: 1, maximum: 50 },
      alarmShare: { type: 'number', default: 0.2, minimum: 0, maximum: 1 },
    },
    defaults: { executionTimeout: '2m' },
  },
  (d) => {
    const source = d.param('source');
    const network = { retries: { max: 2, delay: '5s' } };

    const tables = d.task('tables', sql({ connection, file: 'sql/tables.sql' }));
    const fetchFlights = d.task(
      'fetch_flights',
      bash({ file: 'bash/fetchFlights.sh', inputs: { source }, output: json<Flight[]>() }),
      network,
    );
    const fetchAirports = d.task(
      'fetch_airports',
      bash({
        file: 'bash/fetchAirports.sh',
        inputs: { source, flights: fetchFlights.output },
        output: json<Airport[]>(),
      }),
      network,
    );
    const loadFlights = d.task(
      'load_flights',
      sql({ connection, file: 'sql/loadFlights.sql', parameters: [fetchFlights.output] }),
      { after: tables, outlets: ['warehouse.flight'] },
    );
    const loadAirports = d.task(
      'load_airports',
      sql({ connection, file: 'sql/loadAirports.sql', parameters: [fetchAirports.output] }),
      { after: tables, outlets: ['warehouse.airport'] },
    );

    const counts = d.task(
      'counts',
      sql({ connection, file: 'sql/quality.sql', rows: 'first', output: json<Quality>() }),
      { after: [loadFlights, loadAirports] },
    );
    const check = d.task(
      'check',
      typescript({
        inputs: { counts: counts.output },
        run({ counts }, { log }) {
          const problems = broken(counts);
          if (problems.length > 0) throw new CheckFailed(problems.join('; '));
          log(`${counts.flights} flights, nothing to complain about`);
          return { checked: counts.flights };
        },
      }),
    );

    const delays = d.task(
      'delays',
      sql({ connection, file: 'sql/delays.sql', rows: 'first', output: json<Totals>() }),
      { after: check, inlets: ['warehouse.flight'], outlets: ['warehouse.airport_delay'] },
    );
    const busiest = d.task(
      'busiest',
      sql({
        connection,
        file: 'sql/busiest.sql',
        rows: 'all',
        output: json<{ code: string; city: string; flights: number }[]>(),
      }),
      { after: delays },
    );
    const airport = d.map(
      'airport',
      { airport: busiest.output },
      ({ airport }) =>
        sql({
          connection,
          file: 'sql/airport.sql',
          parameters: [airport.at('code')],
          rows: 'first',
          output: json<AirportDelays>(),
        }),
      { inlets: ['warehouse.airport', 'warehouse.airport_delay'] },
    );

    const hours = d.task(
      'hours',
      python({
        file: 'python/hours.py',
        inputs: { flights: fetchFlights.output },
        output: json<Hours>(),
      }),
      { retries: skipWithoutProgram },
    );
    const sample = d.task(
      'sample',
      sql({
        connection,
        file: 'sql/sample.sql',
        rows: 'all',
        output: json<{ distance: number; delay: number }[]>(),
      }),
      { after: check },
    );
    const distance = d.task(
      'distance',
      r({ file: 'r/distance.R', inputs: { sample: sample.output }, output: json<Regression>() }),
      { retries: skipWithoutProgram },
    );

    const verdict = d.task(
      'verdict',
      branch({
        inputs: { share: delays.output.at('lateShare'), limit: d.param('alarmShare') },
        run: ({ share, limit }) => (share > limit ? 'alarm' : 'calm'),
      }),
    );
    const alarm = d.task(
      'alarm',
      typescript({
        inputs: { totals: delays.output, limit: d.param('alarmShare') },
        run: ({ totals, limit }) =>
          `ALARM, ${(100 * (totals.lateShare - limit)).toFixed(1)} points above the limit of ${100 * limit} %`,
      }),
      { after: verdict },
    );
    const calm = d.task('calm', typescript({ run: () => 'no more than usual' }), {
      after: verdict,
    });

    d.task(
      'report',
      typescript({
        inputs: {
          totals: delays.output,
          airports: airport.output,
          // These may have been skipped, and then are null.
          hours: hours.output.optional(),
          distance: distance.output.optional(),
          alarm: alarm.output.optional(),
          calm: calm.output.optional(),
        },
        run: ({ alarm, calm, ...parts }) => makeReport({ ...parts, verdict: alarm ?? calm ?? '' }),
      }),
      { triggerRule: 'none_failed' },
    );
  },
);
