/** Where nodes and edges go, thought out in a worker beside the page: by elk, or quickly where there are many. */
import type { Layout } from './placed.ts';
import type { ShownGraph } from './visibleGraph.ts';

/** Elk takes a second for so many nodes and edges together, and for ten times as many a minute. */
const MOST_FOR_ELK = 400;

let worker: Worker | undefined;
let asked = 0;

export async function layOut(shown: ShownGraph): Promise<Layout> {
  if (shown.nodes.length + shown.edges.length <= MOST_FOR_ELK) {
    const { elkLayout } = await import('./elkLayout.ts');
    return elkLayout(shown);
  }
  worker ??= new Worker(new URL('./quickWorker.ts', import.meta.url), { type: 'module' });
  const [at, number] = [worker, (asked += 1)];
  return new Promise((resolve, reject) => {
    const listen = ({ data }: MessageEvent<{ number: number; layout: Layout }>) => {
      if (data.number !== number) return;
      at.removeEventListener('message', listen);
      resolve(data.layout);
    };
    at.addEventListener('message', listen);
    at.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true });
    at.postMessage({ number, shown });
  });
}
