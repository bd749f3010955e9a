/**
 * What the worker of a pod costs: processor time and peak memory of its process at its very end, and of its whole
 * container where the cgroup tells, beside a Node process that does nothing. Its pods are kept until their log is read.
 */
import type { KubeObject } from '../../cluster/api.ts';
import { type Figure, figure, median } from '../figure.ts';
import type { Bench } from './bench.ts';

/** Runs in the pods, as the last thing of the process. The second line is version 1 of cgroups, the first version 2. */
const TELL = `
  const fs = process.getBuiltinModule('node:fs');
  const read = (file) => { try { return fs.readFileSync('/sys/fs/cgroup/' + file, 'utf8'); } catch { return ''; } };
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const usage = Number(/usage_usec (\\\\d+)/.exec(read('cpu.stat'))?.[1] ?? NaN) / 1000;
    const old = Number(read('cpuacct/cpuacct.usage') || NaN) / 1e6;
    const cost = { cpu: (userCPUTime + systemCPUTime) / 1000, memory: maxRSS / 1024, container: usage || old || null };
    fs.writeSync(1, 'cost ' + JSON.stringify(cost) + '\\\\n');
  });
`;

interface Pod extends KubeObject {
  status: { phase: string };
}

interface Cost {
  cpu: number;
  memory: number;
  container: number | null;
}

/** The code is a string until it runs: a bundler would not leave it as it is. */
const dagsOf = (tasks: number) => `
import { dag, typescript } from 'podline/dag';

const tell = \`${TELL}\`;

export const cost = dag('cost', {}, (d) => {
  let last;
  for (let i = 0; i < ${tasks}; i++) {
    const run = () => { new Function(tell)(); };
    last = d.task('t' + i, typescript({ inputs: {}, run }), { pod: { cluster: 'kept' }, after: last ? [last] : [] });
  }
});
`;

export async function cost(bench: Bench): Promise<Figure[]> {
  const { bare, cluster, short, kept } = bench;
  const stage = await bench.stage();
  const count = short ? 3 : 6;
  await stage.rig.register({ 'cost.ts': dagsOf(count) });
  await stage.run('cost');
  const pods = `/api/v1/namespaces/${kept}/pods`;
  // The worker has recorded its end before its process is over, and the kubelet tells of that later still.
  const items = await stage.rig.until(`${count} pods that have ended and are kept`, async () => {
    const { items } = await cluster.api.call<{ items: Pod[] }>('GET', pods);
    return items.filter(({ status }) => status.phase === 'Succeeded').length === count && items;
  });
  const own: Cost[] = [];
  for (const { metadata } of items) {
    const { message } = await cluster.api.call<{ message: string }>(
      'GET',
      `${pods}/${metadata.name}/log`,
    );
    own.push(costIn(message));
  }
  await cluster.api.call('DELETE', pods, { gracePeriodSeconds: 0 });
  const script = TELL.replaceAll('\\\\', '\\');
  const logs = await bare.logs(3, {
    image: cluster.images.podline,
    command: ['node', '-e', script],
  });
  const floor = logs.map(costIn);
  bench.detail(`workers: ${JSON.stringify(own)}`);
  bench.detail(`bare: ${JSON.stringify(floor)}`);
  const note = 'node that does nothing, same image';
  const of = (costs: Cost[], part: keyof Cost) =>
    median(costs.flatMap((each) => (each[part] === null ? [] : [each[part]])));
  const rows: [string, keyof Cost, string][] = [
    ['worker of a pod: processor time of its process', 'cpu', 'ms'],
    ['worker of a pod: processor time of its container', 'container', 'ms'],
    ['worker of a pod: peak memory of its process', 'memory', 'MB'],
  ];
  return rows.flatMap(([name, part, unit]) => {
    const value = of(own, part);
    return Number.isNaN(value) ? [] : [figure(name, value, unit, of(floor, part), note)];
  });
}

function costIn(log: string): Cost {
  const line = /^cost (.*)$/m.exec(log)?.[1];
  if (line === undefined) throw new Error(`a pod did not tell what it cost: ${log.slice(0, 500)}`);
  return JSON.parse(line) as Cost;
}
