/** The frame of the pages of administration: title, what it is about, and what stands there while nothing is known. */
import { Button, Center } from '@mantine/core';
import { IconMoodEmpty } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Empty, ErrorPanel, Rows } from '../../parts/feedback.tsx';
import { Page } from '../../parts/Page.tsx';

interface Props {
  title: string;
  about: string;
  actions?: ReactNode;
  query: { isPending: boolean; error: Error | null };
  /** Said when the list is empty. */
  empty: string | null;
  /** For the next page of a long list. */
  more?: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown };
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
      {more?.hasNextPage && (
        <Center mt="md">
          <Button
            variant="default"
            size="xs"
            loading={more.isFetchingNextPage}
            onClick={() => void more.fetchNextPage()}
          >
            Show more
          </Button>
        </Center>
      )}
    </Page>
  );
}
