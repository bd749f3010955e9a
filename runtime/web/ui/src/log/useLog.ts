/**
 * The log of one attempt and source as a window that reads on by itself: pages over HTTP, what is new over the event
 * stream. Used by LogView, which says where the reader looks.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import {
  appended,
  EMPTY,
  type LogPage,
  type LogSource,
  openAt,
  readAfter,
  readBefore,
  type WindowState,
} from './logWindow.ts';

export interface LiveLogSource extends LogSource {
  /** Calls for each page that comes in behind `after`, until the returned function is called. */
  follow(after: number, onPage: (page: LogPage) => void, onEnd: () => void): () => void;
}

interface Options {
  /** Byte to begin at; negative: the end. */
  at: number;
  isFollowing: boolean;
}

export function useLog(source: LiveLogSource, { at, isFollowing }: Options) {
  const [state, setState] = useState<WindowState>(EMPTY);
  const [isOpen, setOpen] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const now = useRef(state);
  const busy = useRef(false);
  const put = useCallback((next: WindowState) => {
    now.current = next;
    setState(next);
  }, []);

  const fail = useCallback((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === 'AbortError') return;
    setError(reason instanceof Error ? reason : new Error(String(reason)));
  }, []);

  useEffect(() => {
    const abort = new AbortController();
    setOpen(false);
    setError(null);
    openAt(source, at, abort.signal).then((opened) => {
      if (abort.signal.aborted) return;
      put(opened);
      setOpen(true);
    }, fail);
    return () => abort.abort();
  }, [source, at, put, fail]);

  // The stream begins where the window ends; a reader in the middle of a long log does not follow.
  const isAtEnd = isOpen && state.end >= state.size;
  useEffect(() => {
    if (!isFollowing || !isAtEnd || now.current.isComplete) return;
    return source.follow(
      now.current.end,
      (page) => put(appended(now.current, page)),
      () => put({ ...now.current, isComplete: true }),
    );
  }, [source, isFollowing, isAtEnd, put]);

  const grow = useCallback(
    (where: 'before' | 'after') => {
      if (busy.current) return;
      const { start, end, size } = now.current;
      if (where === 'before' ? start === 0 : end >= size) return;
      busy.current = true;
      const seen = now.current;
      (where === 'before' ? readBefore(seen, source) : readAfter(seen, source))
        .then((next) => {
          // The stream or a jump was faster: what was read may not fit any more.
          if (now.current === seen) put(next);
        }, fail)
        .finally(() => (busy.current = false));
    },
    [source, put, fail],
  );

  return { state, isOpen, error, grow };
}
