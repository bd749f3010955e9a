/** A list of runs with its filters; the page of all runs and the tab of one DAG show it. */
import { Button, Group, SegmentedControl } from '@mantine/core';
import { IconHistory, IconX } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { runsQuery } from '../../api/queries.ts';
import { Empty, ErrorPanel, Rows } from '../../parts/feedback.tsx';
import { RunTable } from '../../parts/RunTable.tsx';
import { ShowMore } from '../../parts/ShowMore.tsx';
import { RUN_KINDS } from '../../routes/runs.ts';
import { RUN_STATES, type RunState } from '../../../../../../src/model/states.ts';

interface Filters {
  dagId?: string;
  state?: RunState;
  kind?: (typeof RUN_KINDS)[number];
  /** Of one DAG: 2026-01-31. */
  day?: string;
}

interface Props {
  filters: Filters;
  onFilter(change: Filters): void;
  /** Of one DAG: its name need not be said in each row. */
  isOfOneDag?: boolean;
}

export function RunList({ filters, onFilter, isOfOneDag = false }: Props) {
  const { dagId, state, kind, day } = filters;
  const query = useInfiniteQuery(runsQuery({ dagId, state, kind, day }));
  const runs = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Group gap="sm" mb="sm">
        <SegmentedControl
          size="xs"
          aria-label="State"
          value={state ?? 'all'}
          data={['all', ...RUN_STATES]}
          onChange={(value) => onFilter({ state: RUN_STATES.find((known) => known === value) })}
        />
        <SegmentedControl
          size="xs"
          aria-label="Kind"
          value={kind ?? 'all'}
          data={['all', ...RUN_KINDS]}
          onChange={(value) => onFilter({ kind: RUN_KINDS.find((known) => known === value) })}
        />
        {day !== undefined && (
          <Button
            size="compact-xs"
            variant="default"
            rightSection={<IconX size={12} aria-hidden />}
            aria-label={`Runs of all days, not of ${day} alone`}
            onClick={() => onFilter({ day: undefined })}
          >
            {day}
          </Button>
        )}
      </Group>
      {query.isError && <ErrorPanel error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Rows />}
      {query.isSuccess && runs.length === 0 && (
        <Empty icon={IconHistory} title="No runs here">
          Nothing has run yet, or no run fits the filters.
        </Empty>
      )}
      {runs.length > 0 && <RunTable runs={runs} withDag={!isOfOneDag} />}
      <ShowMore query={query} label="Older runs" />
    </>
  );
}
