/** A page about one thing: while that is asked for, and when it cannot be had, the frame alone stands there. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorPanel, Rows } from './feedback.tsx';
import { Page } from './Page.tsx';

interface Props<T> {
  /** Until the thing itself is known. */
  title: string;
  query: UseQueryResult<T>;
  children(data: T): ReactNode;
}

export function LoadedPage<T>({ title, query: { data, error }, children }: Props<T>) {
  if (!error && data !== undefined) return children(data);
  return <Page title={title}>{error ? <ErrorPanel error={error} /> : <Rows />}</Page>;
}
