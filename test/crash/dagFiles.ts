/**
 * The DAGs of the crash tests, as files that are built like anybody's. Every task writes a line at its start
 * and at its end into a ledger outside of the system, and looks whether an earlier execution of the same task
 * instance is still alive.
 */

export interface DagFacts {
  ledger: string;
  /** Tasks of `held` run until this file is there. */
  gate: string;
  /** Value of PODLINE_TEST_MARK in the environment of every process. */
  mark: string;
  /** Receives callbacks. */
  hook: string;
}

export function dagFiles(facts: DagFacts): Record<string, string> {
  return { 'work.ts': header(facts) + WORK, 'stubborn.ts': header(facts) + STUBBORN };
}

/** A DAG with a run every second, none of which may be left out. */
export function tickingFile(facts: DagFacts, dagId = 'ticking'): Record<string, string> {
  const text = TICKING.replaceAll('DAG_ID', dagId).replace('NOW', new Date().toISOString());
  return { [`${dagId}.ts`]: header(facts) + text };
}

const header = ({ ledger, gate, mark, hook }: DagFacts) => `
import { dag, bash, typescript, webhook } from 'podline/dag';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LEDGER = ${JSON.stringify(ledger)};
const GATE = ${JSON.stringify(gate)};
const HOOK = ${JSON.stringify(hook)};
const LOST = ['worker_lost', 'launch_lost', 'launch_failed', 'interrupted'] as const;
const defaults = {
  env: { PODLINE_TEST_MARK: ${JSON.stringify(mark)}, LEDGER, GATE },
  retries: {
    max: 5, delay: '50ms', infrastructure: 50,
    rules: [{ causes: [...LOST], action: 'retry' as const, delay: '50ms' }],
  },
};
const limits = { maxActiveRuns: 200, maxActiveTasks: 200 };

/** The work between the two lines of the ledger. */
const script = (work: string) => bash({ script: \`
KEY="$PODLINE_DAG_ID/$PODLINE_RUN_ID/$PODLINE_TASK_ID/$PODLINE_MAP_INDEX"
while read -r what key pid try; do
  if [ "$key" = "$KEY" ] && [ "$what" = start ] && grep -q '^State:[[:space:]]*[^Z[:space:]]' "/proc/$pid/status" 2>/dev/null && ! grep -qx "end $KEY $pid $try" "$LEDGER"; then
    echo "overlap $KEY $pid $PODLINE_TRY" >> "$LEDGER"
  fi
done < "$LEDGER"
echo "start $KEY $$ $PODLINE_TRY" >> "$LEDGER"
\${work}
echo "end $KEY $$ $PODLINE_TRY" >> "$LEDGER"
\`, templates: false });

const body = (work: (signal: AbortSignal) => Promise<void>) => typescript({
  run: async (_inputs: object, { dagId, runId, taskId, mapIndex, attempt, signal }) => {
    const key = [dagId, runId, taskId, mapIndex].join('/');
    const lines = readFileSync(LEDGER, 'utf8').split('\\n');
    for (const line of lines) {
      const [what, other, pid] = line.split(' ');
      const isOver = ['end', 'stopped'].some((word) => lines.includes(line.replace('start', word)));
      if (what !== 'start' || other !== key || isOver) continue;
      try {
        const zombie = /^State:\\s*Z/m.test(readFileSync('/proc/' + pid + '/status', 'utf8'));
        if (!zombie) appendFileSync(LEDGER, ['overlap', key, pid, attempt].join(' ') + '\\n');
      } catch {}
    }
    appendFileSync(LEDGER, ['start', key, process.pid, attempt].join(' ') + '\\n');
    try {
      await work(signal);
    } catch (error) {
      // Its process may live on for a moment, or do something else.
      appendFileSync(LEDGER, ['stopped', key, process.pid, attempt].join(' ') + '\\n');
      throw error;
    }
    appendFileSync(LEDGER, ['end', key, process.pid, attempt].join(' ') + '\\n');
    return key;
  },
});
`;

const WORK = `
export const quick = dag('quick', { defaults, ...limits, callbacks: { onSuccess: webhook(HOOK) } }, (d) => {
  const first = d.task('first', script('sleep 0.02'));
  const second = d.task('second', body(() => sleep(5)), { after: first });
  d.task('third', script('true'), { after: second });
});

export const held = dag('held', { defaults, ...limits }, (d) => {
  d.task('script', script('until [ -e "$GATE" ]; do sleep 0.05; done'));
  d.task('body', body(async (signal) => {
    while (!existsSync(GATE)) await sleep(20, undefined, { signal });
  }));
});

export const heldScript = dag('heldScript', { defaults, ...limits }, (d) => {
  d.task('script', script('until [ -e "$GATE" ]; do sleep 0.05; done'));
});

export const heldBody = dag('heldBody', { defaults, ...limits }, (d) => {
  d.task('body', body(async (signal) => {
    while (!existsSync(GATE)) await sleep(20, undefined, { signal });
  }));
});
`;

const STUBBORN = `
export const stubborn = dag('stubborn', { defaults: { ...defaults, retries: 0 }, ...limits }, (d) => {
  d.task('script', script('trap "" TERM; (trap "" TERM; sleep 300) & sleep 300; sleep 300'), { executionTimeout: '500ms' });
});
export const endless = dag('endless', { defaults: { ...defaults, retries: 0 }, ...limits }, (d) => {
  d.task('body', body(async () => { for (;;) {} }), { executionTimeout: '500ms' });
});
`;

const TICKING = `
export const ticking = dag('DAG_ID', { defaults, ...limits, schedule: { every: '1s' }, startDate: 'NOW', catchup: true }, (d) => {
  d.task('only', body(() => sleep(1)));
});
`;
