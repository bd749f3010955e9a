/** The list of DAGs: search, tag and state in the address; only rows in view exist, so thousands are no trouble. */
import { Group, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch, IconTopologyStar3, IconX } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { dagsQuery } from '../../api/queries.ts';
import { Empty, ErrorPanel, Rows } from '../../parts/feedback.tsx';
import { Page } from '../../parts/Page.tsx';
import { useSearchKey } from '../../parts/useSearchKey.ts';
import { DAG_STATES, dagsRoute } from '../../routes/dags.ts';
import { Chip } from './Chip.tsx';
import { DagRows } from './DagRows.tsx';

const TYPING_MS = 150;

export function DagsPage() {
  const filters = dagsRoute.useSearch();
  const navigate = dagsRoute.useNavigate();
  const query = useInfiniteQuery(dagsQuery(filters));
  // Read here: what only `onEnd` reads does not render this anew.
  const { hasNextPage, isFetching, fetchNextPage } = query;
  const [words, setWords] = useState(filters.q ?? '');
  const searchBox = useSearchKey();
  const choose = (change: Partial<typeof filters>) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const chooseWords = useDebouncedCallback(
    (q: string) => choose({ q: q === '' ? undefined : q }),
    TYPING_MS,
  );
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = [filters.q, filters.tag, filters.state].some(Boolean);

  return (
    <Page title="DAGs">
      <Group mb="sm" gap="sm">
        <TextInput
          ref={searchBox}
          size="xs"
          w={{ base: '100%', xs: 260 }}
          placeholder="Search ids ( / )"
          aria-label="Search ids"
          leftSection={<IconSearch size={14} />}
          value={words}
          onChange={({ currentTarget: { value } }) => {
            setWords(value);
            chooseWords(value.trim());
          }}
        />
        <SegmentedControl
          size="xs"
          aria-label="State"
          value={filters.state ?? 'all'}
          data={['all', ...DAG_STATES]}
          onChange={(state) =>
            choose({ state: DAG_STATES.find((known) => known === state) ?? undefined })
          }
        />
        {filters.tag !== undefined && (
          <Chip
            label={`Remove the filter ${filters.tag}`}
            onClick={() => choose({ tag: undefined })}
          >
            {filters.tag} <IconX size={12} aria-hidden />
          </Chip>
        )}
      </Group>
      {query.isError && <ErrorPanel error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Rows count={12} height={44} />}
      {query.isSuccess && items.length === 0 && (
        <Empty icon={IconTopologyStar3} title={isFiltered ? 'No DAG fits' : 'No DAGs yet'}>
          {isFiltered
            ? 'Loosen the search or the filters.'
            : 'Deploy a bundle, or save a DAG file in the folder that `podline dev` watches.'}
        </Empty>
      )}
      {items.length > 0 && (
        <DagRows
          dags={items}
          onTag={(tag) => choose({ tag })}
          onEnd={() => {
            // The next page would break off what is being read anew.
            if (hasNextPage && !isFetching) void fetchNextPage();
          }}
        />
      )}
    </Page>
  );
}
