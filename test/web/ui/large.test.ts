/** The pages with large data: what a first look costs, and what it asks for. Times depend on the machine, the rest does not. */
import assert from 'node:assert/strict';
import { type LargeSite, look, openLargeSite } from './largeSite.ts';

const FIRST_VIEW_MS = 1000;
/** The machine may be busy with something else: the best of so many cold looks counts. */
const MOST_LOOKS = 8;

interface Case {
  address: string;
  /** What one came for. */
  content: string;
  /** All that it may ask, in any order. */
  asks: string[];
  bytes: number;
}

const GRID = '[data-testid="grid-words"]:not(:empty)';
const CASES: Record<string, Case> = {
  home: {
    address: '/',
    content: 'main table tbody tr:nth-child(10)',
    asks: ['/me', '/overview'],
    bytes: 20_000,
  },
  'list of DAGs': {
    address: '/dags',
    content: 'main [role="row"] a[href="/dags/dag-100"]',
    asks: ['/me', '/dags?limit=50'],
    bytes: 200_000,
  },
  grid: {
    address: '/dags/dag-7',
    content: GRID,
    asks: ['/me', '/dags/dag-7', '/dags/dag-7/grid?runs=50'],
    bytes: 30_000,
  },
  'grid of 200 tasks': {
    address: '/dags/wide',
    content: GRID,
    asks: ['/me', '/dags/wide', '/dags/wide/grid?runs=50'],
    bytes: 100_000,
  },
  runs: {
    address: '/runs',
    content: 'main table tbody tr:nth-child(50)',
    asks: ['/me', '/runs?limit=50'],
    bytes: 25_000,
  },
  'runs of a DAG': {
    address: '/dags/dag-7?tab=runs',
    content: 'main table tbody tr:nth-child(50)',
    asks: ['/me', '/dags/dag-7', '/runs?dagId=dag-7&limit=50'],
    bytes: 25_000,
  },
};

describe('pages with large data', function () {
  this.timeout(120_000);
  let site: LargeSite | undefined;

  before(async function () {
    site = await openLargeSite(this);
  });
  after(() => site?.close());
  const opened = () => site ?? assert.fail('no site');

  for (const [name, { address, content, asks, bytes }] of Object.entries(CASES)) {
    it(`${name}: shows within a second of 1,000,000 task instances, and asks only for that`, async () => {
      const took: number[] = [];
      while (took.length < 2 || (Math.min(...took) > FIRST_VIEW_MS && took.length < MOST_LOOKS)) {
        const view = await look(opened(), address, content);
        took.push(Math.round(view.took));
        const sum = view.answers.reduce((all, answer) => all + answer.bytes, 0);
        assert.deepEqual(view.answers.map(({ path }) => path).sort(), [...asks].sort());
        assert.ok(sum <= bytes, `${sum} bytes`);
        await view.page.context().close();
      }
      console.log(`        ${name}: ${took.join(', ')} ms`);
      assert.ok(Math.min(...took) <= FIRST_VIEW_MS, `${took.join(', ')} ms`);
    });
  }
});
