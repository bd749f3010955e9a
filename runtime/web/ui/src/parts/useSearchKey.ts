/** `/` puts the cursor into the search box of the page. */
import { useHotkeys } from '@mantine/hooks';
import { useRef } from 'react';

export function useSearchKey() {
  const box = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => box.current?.focus()]]);
  return box;
}
