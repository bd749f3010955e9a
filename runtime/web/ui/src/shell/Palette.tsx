/** The command palette (Ctrl-K or Cmd-K): pages, and DAGs by what is typed. */
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconSearch, IconTopologyStar3 } from '@tabler/icons-react';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../api/call.ts';
import type { DagPage } from '../api/types.ts';
import { dagHref } from '../parts/AppLink.tsx';
import { usePlaces } from './navigation.ts';

export function Palette({ open }: { open: (href: string) => void }) {
  // Asked for when somebody opens it, not by every page.
  const [wasOpened, setOpened] = useState(false);
  const [words, setWords] = useState('');
  const places = usePlaces();
  const [asked] = useDebouncedValue(words.trim(), 120);
  const { data } = useQuery({
    queryKey: ['dags', 'palette', asked],
    queryFn: ({ signal }) =>
      get<DagPage>('/dags', { q: asked === '' ? undefined : asked, limit: 12 }, signal),
    enabled: wasOpened,
    // Enter must find something to open while the next answer is on its way.
    placeholderData: keepPreviousData,
  });
  const groups: SpotlightActionGroupData[] = [
    {
      group: 'DAGs',
      actions: (data?.items ?? []).map(({ dagId, description }) => ({
        id: `dag ${dagId}`,
        label: dagId,
        description: description ?? undefined,
        leftSection: <IconTopologyStar3 size={18} />,
        onClick: () => open(dagHref(dagId)),
      })),
    },
    {
      group: 'Pages',
      actions: places.map(({ label, href, icon: Icon }) => ({
        id: href,
        label,
        leftSection: <Icon size={18} />,
        onClick: () => open(href),
      })),
    },
  ];
  return (
    <Spotlight
      actions={groups}
      query={words}
      onSpotlightOpen={() => setOpened(true)}
      onQueryChange={setWords}
      shortcut={['mod + K']}
      scrollable
      maxHeight={420}
      nothingFound="Nothing has that name"
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: 'DAG or page',
        'aria-label': 'Search DAGs and pages',
        // Answers come after the first action was marked: Enter then means the first of what is shown.
        onKeyDown: ({ key }) => {
          if (key !== 'Enter' || document.querySelector('[data-action][data-selected]')) return;
          document.querySelector<HTMLElement>('[data-action]')?.click();
        },
      }}
    />
  );
}
