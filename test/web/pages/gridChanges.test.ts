/**
 * A grid on the screen while its runs change, with real queries and answers that come when the test lets them: whatever
 * comes meanwhile, what is shown in the end is what the webserver has.
 */
import assert from 'node:assert/strict';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { followGrids } from '../../../runtime/web/ui/src/api/gridChanges.ts';
import { gridQuery } from '../../../runtime/web/ui/src/api/queries.ts';
import type { Grid, GridRuns } from '../../../runtime/web/ui/src/api/types.ts';
import { gridRun, gridTask, STATES } from './gridValues.ts';

const DAG = 'sales';
const QUERY = gridQuery(DAG, 50);

/** A question that was asked and has no answer yet. */
interface Asked {
  path: string;
  /** Named ones; none: the whole. */
  runs: string[];
  answer(): void;
  refuse(): void;
}

/** What the webserver has, which it reads when it is asked; the answer comes later. */
class Held {
  readonly cells = new Map([3, 2, 1].map((id) => [id, '1']));
  readonly asked: Asked[] = [];
  #next = 0;
  readonly #told = new Set<() => void>();

  readonly fetch = (url: string, { signal }: { signal?: AbortSignal } = {}): Promise<Response> => {
    const { pathname, searchParams } = new URL(url, 'http://pages');
    const runs = searchParams.getAll('runId');
    const isWhole = pathname.endsWith('/grid');
    const shown = [...this.cells]
      .map(([id, cells]) => gridRun(id, cells))
      .filter(({ runId }) => isWhole || runs.includes(runId));
    const body = isWhole
      ? ({
          states: STATES,
          order: 'o',
          tasks: [gridTask('a')],
          runs: shown,
          next: null,
        } satisfies Grid)
      : ({ states: STATES, order: 'o', tasks: null, runs: shown } satisfies GridRuns);
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      this.asked.push({
        ...{ path: pathname, runs },
        answer: () => resolve(Response.json(body)),
        refuse: () => resolve(Response.json({ title: 'No.' }, { status: 400 })),
      });
      for (const tell of this.#told) tell();
    });
  };

  /** The next question, when it is asked. */
  async question(): Promise<Asked> {
    for (;;) {
      const next = this.asked[this.#next];
      if (next) {
        this.#next += 1;
        return next;
      }
      await new Promise<void>((resolve) => this.#told.add(resolve));
      this.#told.clear();
    }
  }
}

describe('a grid that is followed', () => {
  const { fetch } = globalThis;
  let web: Held;
  let client: QueryClient;
  const observe = () => new QueryObserver(client, QUERY);
  let observer: ReturnType<typeof observe>;
  let leave: () => void;

  beforeEach(async () => {
    web = new Held();
    globalThis.fetch = web.fetch as typeof fetch;
    client = new QueryClient({
      defaultOptions: { queries: { retry: false, staleTime: Infinity } },
    });
    observer = observe();
    leave = observer.subscribe(() => undefined);
    (await web.question()).answer();
    await shows({ r3: '1', r2: '1', r1: '1' });
  });
  afterEach(() => {
    leave();
    client.clear();
    globalThis.fetch = fetch;
  });

  const change = (id: number, cells: string) => {
    web.cells.set(id, cells);
    followGrids(client, DAG, [`r${id}`]);
  };
  /** When the grid on the screen is this one. */
  const shows = (wanted: Record<string, string>) =>
    new Promise<void>((resolve) => {
      const look = () => {
        const runs = observer.getCurrentResult().data?.runs ?? [];
        const shown = Object.fromEntries(runs.map(({ runId, cells }) => [runId, cells]));
        if (JSON.stringify(shown) !== JSON.stringify(wanted)) return;
        stop();
        resolve();
      };
      const stop = client.getQueryCache().subscribe(look);
      look();
    });
  const asksFor = async (...runs: string[]) => {
    const question = await web.question();
    assert.deepEqual(question.runs, runs);
    return question;
  };

  it('asks for the column of a run that changed, and of no other', async () => {
    change(2, '2');
    (await asksFor('r2')).answer();
    await shows({ r3: '1', r2: '2', r1: '1' });
    assert.equal(web.asked.length, 2);
  });

  it('asks again for what changes during the question, of the same run and of others', async () => {
    change(2, '2');
    const first = await asksFor('r2');
    change(2, '3');
    change(1, '3');
    assert.equal(web.asked.length, 2, 'one question at a time');
    first.answer();
    (await asksFor('r2', 'r1')).answer();
    await shows({ r3: '1', r2: '3', r1: '3' });
  });

  it('asks again when a whole answer came during the question, as either may be the older', async () => {
    change(2, '2');
    const column = await asksFor('r2');
    void client.invalidateQueries({ queryKey: QUERY.queryKey });
    const whole = await asksFor();
    web.cells.set(2, '3');
    whole.answer();
    await shows({ r3: '1', r2: '2', r1: '1' });
    column.answer();
    (await asksFor('r2')).answer();
    await shows({ r3: '1', r2: '3', r1: '1' });
  });

  it('asks for what changed while the whole was on its way', async () => {
    void client.invalidateQueries({ queryKey: QUERY.queryKey });
    const whole = await asksFor();
    change(2, '2');
    whole.answer();
    (await asksFor('r2')).answer();
    await shows({ r3: '1', r2: '2', r1: '1' });
  });

  it('asks for the whole when a column was refused, and misses nothing of meanwhile', async () => {
    change(2, '2');
    (await asksFor('r2')).refuse();
    const whole = await asksFor();
    change(3, '3');
    whole.answer();
    (await asksFor('r3')).answer();
    await shows({ r3: '3', r2: '2', r1: '1' });
  });

  it('says what is wrong when the whole is refused, too; the next change asks for all of it', async () => {
    change(2, '2');
    (await asksFor('r2')).refuse();
    const failed = new Promise<void>((resolve) => {
      const stop = client.getQueryCache().subscribe(() => {
        if (observer.getCurrentResult().status !== 'error') return;
        stop();
        resolve();
      });
    });
    (await asksFor()).refuse();
    await failed;
    change(1, '2');
    (await asksFor()).answer();
    await shows({ r3: '1', r2: '2', r1: '2' });
  });

  it('that left the screen during the question is whole when it comes back', async () => {
    change(2, '2');
    const column = await asksFor('r2');
    leave();
    change(3, '3');
    column.answer();
    const query = client.getQueryCache().find({ queryKey: QUERY.queryKey });
    await new Promise<void>((resolve) => {
      const stop = client.getQueryCache().subscribe(() => {
        if (query?.state.isInvalidated !== true) return;
        stop();
        resolve();
      });
    });
    leave = observer.subscribe(() => undefined);
    (await asksFor()).answer();
    await shows({ r3: '3', r2: '2', r1: '1' });
  });
});
