/**
 * Sensors: tasks that wait and hold no process while they do. sql, http and file are looked at by a
 * worker now and then (`poke`); time and externalRun are decided by the scheduler alone.
 */
import type { Dag } from '../dag/dag.ts';
import { type Duration, parseDuration } from '../dag/duration.ts';
import type { Input } from '../dag/ref.ts';
import { type HttpDefinition, http } from './http.ts';
import type { CommonDefinition, Operator, SensorDefinition } from './operator.ts';
import { type SqlDefinition, sql } from './sql.ts';

export interface SensorOptions {
  /** Wait between two looks. Default 60 seconds. */
  interval?: Duration;
  /** From the first look until the sensor fails. Default 7 days. */
  timeout?: Duration;
  /** Skip instead of fail at the timeout. Default false. */
  softFail?: boolean;
}

function settings(
  mode: 'poke' | 'time' | 'external_run',
  options: SensorOptions,
): SensorDefinition {
  const { interval = 60, timeout = 7 * 86400, softFail = false } = options;
  return { mode, interval, timeout, softFail };
}

/** An instant with offset, such as 2026-01-01T06:00:00Z. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

export const sensor = {
  /**
   * Until an instant, or until a delay after the end of the data interval. Config in the plan: { at }
   * (ISO 8601 instant) or { delay } (seconds).
   */
  time(
    definition: ({ at: string | Date; delay?: undefined } | { delay: Duration; at?: undefined }) &
      SensorOptions,
  ): Operator<null> {
    const { at, delay } = definition;
    const instant = at instanceof Date ? dateText(at) : at;
    return {
      operator: 'sensor.time',
      config: instant === undefined ? { delay: seconds(delay) } : { at: instant },
      inputs: {},
      connections: [],
      sensor: settings('time', definition),
      check: () => [
        ...((at === undefined) === (delay === undefined) ? ['give either at or delay'] : []),
        ...(at === undefined ||
        (INSTANT.test(String(instant)) && !Number.isNaN(Date.parse(String(instant))))
          ? []
          : ['at must be an instant with offset, such as 2026-01-01T06:00:00Z']),
        ...durationProblems('delay', delay),
      ],
    };
  },

  /** Until the query gives a first row whose first column is neither null, false, 0 nor empty. */
  sql(
    definition: SqlDefinition & SensorOptions & { parameters?: readonly Input[] },
  ): Operator<null> {
    const { limit: _limit, ...query } = definition;
    const operator = sql({ ...query, rows: 'first' } as SqlDefinition & { rows: 'first' });
    const { connection, script, parameters } = operator.config;
    return {
      ...operator,
      operator: 'sensor.sql',
      config: { connection, script, parameters },
      sensor: settings('poke', definition),
    } as Operator<null>;
  },

  /** Until the response has an expected status. */
  http(definition: HttpDefinition<unknown> & SensorOptions): Operator<null> {
    return {
      ...http(definition),
      operator: 'sensor.http',
      sensor: settings('poke', definition),
    } as Operator<null>;
  },

  /** Until the file exists where the task runs; `*` and `?` match within a name. Config: { path }. */
  file(definition: { path: string } & SensorOptions & CommonDefinition): Operator<null> {
    const { path, inputs = {} } = definition;
    return {
      operator: 'sensor.file',
      config: { path },
      inputs,
      connections: [],
      sensor: settings('poke', definition),
      check: () => (typeof path === 'string' && path !== '' ? [] : ['path must be text']),
    };
  },

  /**
   * Until a run of another DAG (or one task of it) has succeeded. Its logical date is that of this run
   * minus `offset`. Config in the plan: { dag, task?, offset } (seconds).
   */
  externalRun(
    definition: { dag: string | Dag; task?: string; offset?: Duration } & SensorOptions,
  ): Operator<null> {
    const { dag, task, offset = 0 } = definition;
    const dagId = typeof dag === 'string' ? dag : (dag as Dag | undefined)?.id;
    return {
      operator: 'sensor.externalRun',
      config: { dag: dagId, task, offset: seconds(offset) },
      inputs: {},
      connections: [],
      sensor: settings('external_run', definition),
      check: () => [
        ...(typeof dagId === 'string' && dagId !== '' ? [] : ['dag must be a DAG or its id']),
        ...durationProblems('offset', offset),
      ],
    };
  },
};

/** Problems are reported by `check`; until then the raw value stands in the config. */
function seconds(value: unknown): unknown {
  try {
    return parseDuration(value);
  } catch {
    return null;
  }
}

function durationProblems(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  try {
    parseDuration(value);
    return [];
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString();
}
