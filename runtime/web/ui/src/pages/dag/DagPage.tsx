/** One DAG: what it is, whether it is on, and its tabs. Which tab, and all that is chosen in it, stands in the address. */
import { Alert, Badge, Button, Group, Tabs, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazyRouteComponent } from '@tanstack/react-router';
import { Suspense } from 'react';
import { dagQuery } from '../../api/queries.ts';
import type { Dag } from '../../api/types.ts';
import { useRights } from '../../actions/useRights.ts';
import { backfillHref, triggerHref, useOpen } from '../../parts/AppLink.tsx';
import { ErrorPanel, Rows } from '../../parts/feedback.tsx';
import { Page } from '../../parts/Page.tsx';
import { PauseSwitch } from '../../parts/PauseSwitch.tsx';
import { RelativeTime } from '../../parts/times.tsx';
import { DAG_TABS, dagRoute, type DagTab } from '../../routes/dag.ts';
import classes from '../../parts/parts.module.css';
import { RunList } from '../runs/RunList.tsx';
import { GridTab } from './grid/GridTab.tsx';

/** Each comes with its tab: most people look at the grid alone. */
const CalendarTab = lazyRouteComponent(() => import('./CalendarTab.tsx'), 'CalendarTab');
const CodeTab = lazyRouteComponent(() => import('./code/CodeTab.tsx'), 'CodeTab');
const DurationsTab = lazyRouteComponent(() => import('./DurationsTab.tsx'), 'DurationsTab');
const GraphTab = lazyRouteComponent(() => import('./graph/GraphTab.tsx'), 'GraphTab');

export function DagPage() {
  const { dagId } = dagRoute.useParams();
  const { tab = 'grid', state, kind, day } = dagRoute.useSearch();
  const navigate = dagRoute.useNavigate();
  const query = useQuery(dagQuery(dagId));
  const open = useOpen();
  const may = useRights({ dagId, tags: query.data?.tags ?? [] });
  if (query.isError && !query.data) {
    return (
      <Page title={dagId}>
        <ErrorPanel error={query.error} retry={() => void query.refetch()} />
      </Page>
    );
  }
  const choose = (next: string | null) =>
    void navigate({ search: { tab: DAG_TABS.find((known) => known === next) } });
  return (
    <Page
      title={dagId}
      head={
        <Group gap="sm" wrap="nowrap">
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>
            {dagId}
          </Title>
          {query.data && (
            <PauseSwitch dagId={dagId} tags={query.data.tags} paused={query.data.paused} />
          )}
        </Group>
      }
      about={query.data ? <Facts dag={query.data} /> : undefined}
      actions={
        may('operate') && (
          <>
            <Button size="xs" variant="default" onClick={() => open(backfillHref(dagId))}>
              Backfill
            </Button>
            <Button
              size="xs"
              leftSection={<IconPlayerPlay size={14} />}
              onClick={() => open(triggerHref(dagId))}
            >
              Trigger
            </Button>
          </>
        )
      }
    >
      {query.data?.trouble != null && (
        <Alert
          variant="outline"
          color="red"
          icon={<IconAlertTriangle size={18} />}
          title="Its last good version goes on"
          mb="md"
        >
          {query.data.trouble}
        </Alert>
      )}
      <Tabs value={tab} onChange={choose} keepMounted={false}>
        <Tabs.List mb="md" className={classes.tabs}>
          {DAG_TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {name.slice(0, 1).toUpperCase() + name.slice(1)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          <Suspense fallback={<Rows />}>
            {tab === 'runs' ? (
              <RunList
                isOfOneDag
                filters={{ dagId, state, kind, day }}
                onFilter={(change) =>
                  void navigate({ search: (old) => ({ ...old, ...change }), replace: true })
                }
              />
            ) : (
              <Content tab={tab} dagId={dagId} />
            )}
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Content({ tab, dagId }: { tab: Exclude<DagTab, 'runs'>; dagId: string }) {
  switch (tab) {
    case 'grid':
      return <GridTab dagId={dagId} />;
    case 'graph':
      return <GraphTab dagId={dagId} />;
    case 'calendar':
      return <CalendarTab dagId={dagId} />;
    case 'durations':
      return <DurationsTab dagId={dagId} />;
    case 'code':
      return <CodeTab dagId={dagId} />;
  }
}

function Facts({ dag }: { dag: Dag }) {
  return (
    <>
      {dag.description}
      <Group gap="xs" mt={4}>
        <Text size="xs" ff="monospace">
          {dag.schedule ?? 'by hand'}
        </Text>
        {dag.nextRunAt !== null && !dag.paused && (
          <Text size="xs" component="span">
            next <RelativeTime time={dag.nextRunAt} />
          </Text>
        )}
        <Text size="xs">
          {dag.tasks} task{dag.tasks === 1 ? '' : 's'} · version {dag.version}
        </Text>
        {dag.tags.map((tag) => (
          <Badge key={tag} variant="default" size="sm" tt="none" fw={500}>
            {tag}
          </Badge>
        ))}
      </Group>
    </>
  );
}
