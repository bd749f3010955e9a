/** The frame of the pages of administration: title, what it is about, and what stands there while nothing is known. */
import { IconMoodEmpty } from '@tabler/icons-react';
import type { ComponentProps, ReactNode } from 'react';
import { Empty, ErrorPanel, Rows } from '../../parts/feedback.tsx';
import { Page } from '../../parts/Page.tsx';
import { ShowMore } from '../../parts/ShowMore.tsx';

interface Props {
  title: string;
  about: string;
  actions?: ReactNode;
  query: { isPending: boolean; error: Error | null };
  /** Said when the list is empty. */
  empty: string | null;
  /** For the next page of a long list. */
  more?: ComponentProps<typeof ShowMore>['query'];
  children: ReactNode;
}

export function AdminPage({ title, about, actions, query, empty, more, children }: Props) {
  return (
    <Page title={title} about={about} actions={actions}>
      {query.error ? (
        <ErrorPanel error={query.error} />
      ) : query.isPending ? (
        <Rows />
      ) : empty !== null ? (
        <Empty icon={IconMoodEmpty} title={empty} />
      ) : (
        children
      )}
      {more && <ShowMore query={more} />}
    </Page>
  );
}
