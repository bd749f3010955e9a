/** The last runs of a DAG as bars, oldest left: colour is the state, height the duration. Each opens its run. */
import { lookOf } from '../states.ts';
import { absoluteWords, durationWords, spanOf } from '../time.ts';
import type { RunBar } from '../api/types.ts';
import { runHref, useOpen } from './AppLink.tsx';
import classes from './parts.module.css';

const LEAST_PERCENT = 22;

export function RunBars({ dagId, runs }: { dagId: string; runs: readonly RunBar[] }) {
  const open = useOpen();
  const now = Date.now();
  const spans = runs.map(({ startedAt, endedAt }) => spanOf(startedAt, endedAt, now) ?? 0);
  const most = Math.max(1, ...spans);
  return (
    <div className={classes.bars} role="group" aria-label={`Last runs of ${dagId}`}>
      {runs
        .map(({ runId, state, startedAt }, place) => {
          const { color, words } = lookOf(state);
          const span = spans[place] ?? 0;
          const title = `${runId}: ${words}${startedAt === null ? '' : `, ${durationWords(span)}, ${absoluteWords(startedAt)}`}`;
          const height = LEAST_PERCENT + (100 - LEAST_PERCENT) * (span / most);
          return (
            <a
              key={runId}
              href={runHref(dagId, runId)}
              title={title}
              aria-label={title}
              className={classes.bar}
              onClick={(event) => {
                event.preventDefault();
                open(runHref(dagId, runId));
              }}
            >
              <span style={{ height: `${height}%`, background: color }} />
            </a>
          );
        })
        .reverse()}
    </div>
  );
}
