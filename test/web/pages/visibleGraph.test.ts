/** What is shown of a graph: groups that are closed, groups in groups, and what is near a task. */
import assert from 'node:assert/strict';
import type { Graph } from '../../../runtime/web/ui/src/api/types.ts';
import {
  groupsAround,
  neighbourhood,
  visibleGraph,
} from '../../../runtime/web/ui/src/pages/dag/graph/visibleGraph.ts';

function graphOf(tasks: Record<string, string | null>, edges: [string, string][]): Graph {
  const ids = Object.keys(tasks);
  const groups = new Set<string>();
  for (const group of Object.values(tasks)) {
    const parts = group?.split('.') ?? [];
    parts.forEach((_, depth) => groups.add(parts.slice(0, depth + 1).join('.')));
  }
  return {
    version: 1,
    nodes: ids.map((taskId) => ({
      ...{ taskId, group: tasks[taskId] ?? null, operator: 'bash', description: null },
      ...{ triggerRule: 'all_success', isMapped: false, isSensor: false, isBranch: false },
      ...{ isSetup: false, isTeardown: false },
    })),
    edges: edges.map(([from, to]) => [ids.indexOf(from), ids.indexOf(to)]),
    groups: [...groups].map((id) => ({
      ...{ id, label: null },
      parent: id.includes('.') ? id.slice(0, id.lastIndexOf('.')) : null,
    })),
  };
}

const SALES = graphOf({ get: null, 'a.x': 'a', 'a.in.y': 'a.in', 'a.in.z': 'a.in', put: null }, [
  ['get', 'a.x'],
  ['a.x', 'a.in.y'],
  ['a.x', 'a.in.z'],
  ['a.in.y', 'put'],
  ['a.in.z', 'put'],
]);
const see = (opened: string[], near?: string, hops = 1) => {
  const { nodes, edges, left } = visibleGraph(SALES, { opened: new Set(opened), near, hops });
  return { nodes: nodes.map(({ id }) => id), edges: edges.map(({ id }) => id), left, all: nodes };
};

describe('what is shown of a graph', () => {
  it('is one node for a closed group, with each edge once and none to itself', () => {
    const { nodes, edges, all, left } = see([]);
    assert.deepEqual(nodes, ['task get', 'group a', 'task put']);
    assert.deepEqual(edges, ['task get > group a', 'group a > task put']);
    assert.deepEqual(all[1]?.places, [1, 2, 3]);
    assert.equal(left, 0);
  });

  it('is what lies in an open group, which is around it; names are short there', () => {
    const { nodes, edges, all } = see(['a']);
    assert.deepEqual(nodes, ['task get', 'group a', 'task a.x', 'group a.in', 'task put']);
    assert.deepEqual(all.map(({ label, parent, isOpen }) => [label, parent, isOpen]).slice(1, 4), [
      ['a', null, true],
      ['x', 'group a', false],
      ['in', 'group a', false],
    ]);
    assert.ok(edges.includes('task a.x > group a.in'));
    assert.deepEqual(see(['a', 'a.in']).nodes.length, 7);
  });

  it('stays closed in a closed group', () => {
    assert.deepEqual(see(['a.in']).nodes, see([]).nodes);
  });

  it('is near a task what so many edges reach, both ways, without groups', () => {
    const { nodes, left } = see([], 'a.x');
    assert.deepEqual(nodes.sort(), ['task a.in.y', 'task a.in.z', 'task a.x', 'task get']);
    assert.equal(left, 1);
    assert.equal(see([], 'a.x', 2).left, 0);
    assert.equal(see([], 'gone').nodes.length, 0);
  });

  it('is near a task no more than people can look at', () => {
    const names = Array.from({ length: 5000 }, (_, n) => `t${n}`);
    const tasks = Object.fromEntries(['hub', ...names].map((name) => [name, null]));
    const fan = graphOf(
      tasks,
      names.map((name) => ['hub', name]),
    );
    assert.equal(neighbourhood(fan, 'hub', 2).size, 400);
    // Nearest first: what hangs on it directly is not crowded out.
    assert.ok(neighbourhood(fan, 't4999', 1).has(0));
  });

  it('says which groups have to be open for a task to be seen', () => {
    assert.deepEqual(groupsAround(SALES, 'a.in.z'), ['a', 'a.in']);
    assert.deepEqual(groupsAround(SALES, 'get'), []);
    assert.deepEqual(groupsAround(SALES, 'gone'), []);
  });
});
