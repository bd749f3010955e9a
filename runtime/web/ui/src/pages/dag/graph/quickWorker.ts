/** Runs quickLayout beside the page. layout.ts talks to it: one question, one answer, by number. */
import { quickLayout } from './quickLayout.ts';
import type { ShownGraph } from './visibleGraph.ts';

const here = self as unknown as {
  onmessage: (event: MessageEvent<{ number: number; shown: ShownGraph }>) => void;
  postMessage(answer: unknown): void;
};

here.onmessage = ({ data: { number, shown } }) => {
  here.postMessage({ number, layout: quickLayout(shown) });
};
