/** Keys that lead somewhere from every page: `g d` and the like, `?` for help. Not while somebody types. */
import { useEffect } from 'react';
import { usePlaces } from './navigation.ts';

/** Time for the second key. */
const PATIENCE_MS = 1200;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

export function useJumps(open: (href: string) => void, help: () => void): void {
  const places = usePlaces();
  useEffect(() => {
    let since = -Infinity;
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === '?') {
        help();
        return;
      }
      if (event.timeStamp - since < PATIENCE_MS) {
        since = -Infinity;
        const place = places.find(({ key }) => key === event.key);
        if (!place) return;
        event.preventDefault();
        open(place.href);
        return;
      }
      if (event.key === 'g') since = event.timeStamp;
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [open, help, places]);
}
