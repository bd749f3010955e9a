/** The places of what is shown of a graph; those before stay until the next are there. For the graphs of DAGs and runs. */
import { useEffect, useState } from 'react';
import { layOut } from './layout.ts';
import type { Layout } from './placed.ts';
import type { ShownGraph } from './visibleGraph.ts';

export function useLayout(shown: ShownGraph) {
  const [layout, setLayout] = useState<Layout>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    let isWanted = true;
    layOut(shown).then(
      (next) => {
        if (isWanted) setLayout(next);
      },
      (reason: unknown) => {
        if (isWanted) setError(reason);
      },
    );
    return () => {
      isWanted = false;
    };
  }, [shown]);
  return { layout, error };
}
