/** What a scheduler's loop counts. Nothing here waits, and no label grows with DAGs, runs or what workers write. */
import { Counter, Gauge, Histogram } from 'prom-client';
import { isCause } from '../../src/model/causes.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { LoopMeter } from './meter.ts';
import type { Metrics } from './metrics.ts';

const TICK_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function schedulerMetrics({ registry }: Metrics, heartbeat: Heartbeat): LoopMeter {
  const registers = [registry];
  new Gauge({
    name: 'podline_scheduler_loop_age_seconds',
    help: 'Seconds since the loop of this scheduler last went round. It sleeps 2 s at most.',
    registers,
    collect() {
      this.set(heartbeat.ageSeconds);
    },
  });
  const ticks = new Histogram({
    name: 'podline_scheduler_tick_seconds',
    help: 'How long ticks took that found something to do, one transaction each.',
    buckets: TICK_BUCKETS,
    registers,
  });
  const failures = new Counter({
    name: 'podline_scheduler_failures_total',
    help: 'Rounds of the loop that failed: `database` when it was not there, `tick` for all else.',
    labelNames: ['what'],
    registers,
  });
  const events = new Counter({
    name: 'podline_events_decided_total',
    help: 'Events that this scheduler decided: ends of attempts, timers, commands of people.',
    registers,
  });
  const runsStarted = new Counter({
    name: 'podline_runs_started_total',
    help: 'Runs that this scheduler started.',
    registers,
  });
  const runsEnded = new Counter({
    name: 'podline_runs_ended_total',
    help: 'Runs whose end this scheduler decided, or that it sent back to the queue.',
    registers,
  });
  const launched = new Counter({
    name: 'podline_attempts_launched_total',
    help: 'Attempts that this scheduler launched. Warm workers take theirs by themselves.',
    labelNames: ['executor'],
    registers,
  });
  const ended = new Counter({
    name: 'podline_attempts_ended_total',
    help: 'Attempts whose end this scheduler decided upon, of all executors. `waiting` is a look of a sensor.',
    labelNames: ['state', 'cause'],
    registers,
  });
  for (const what of ['database', 'tick']) failures.inc({ what }, 0);

  return {
    beat() {
      heartbeat.beat();
    },
    failed(what) {
      failures.inc({ what });
    },
    ticked(result, milliseconds) {
      heartbeat.beat();
      ticks.observe(milliseconds / 1000);
      events.inc(result.events);
      runsStarted.inc(result.startedRuns);
      runsEnded.inc(result.endedRuns);
      for (const { executor, count } of result.launchedBy) launched.inc({ executor }, count);
      for (const { state, cause } of result.ended) {
        // Workers report causes; what is none of ours must not become a label.
        ended.inc({ state, cause: cause === null || isCause(cause) ? (cause ?? '') : 'other' });
      }
    },
  };
}
