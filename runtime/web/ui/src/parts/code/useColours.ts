/** Colours of a text once they are there; until then, and for what is too long, it stands as it is. */
import { useEffect, useState } from 'react';
import type { Piece } from './colours.ts';
import type { Language } from './languages.ts';

/** More takes longer than anybody waits: 100 KB of TypeScript are 0.3 s. */
const MOST_CHARACTERS = 200_000;

export type Colours = Piece[][];

export function useColours(text: string, language: Language | undefined): Colours | undefined {
  const [found, setFound] = useState<{ text: string; colours: Colours }>();
  useEffect(() => {
    if (language === undefined || text.length > MOST_CHARACTERS) return;
    let isGone = false;
    import('./colours.ts').then(
      ({ coloursOf }) => {
        if (!isGone) setFound({ text, colours: coloursOf(text, language) });
      },
      () => {
        // Text without colours can be read, too.
      },
    );
    return () => {
      isGone = true;
    };
  }, [text, language]);
  return found?.text === text ? found.colours : undefined;
}
