/** Home: is it healthy, what runs, what failed and why, where does work wait. */
import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconHeartbeat, IconMoodSmile } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { overviewQuery } from '../../api/queries.ts';
import type { Overview } from '../../api/types.ts';
import { AppLink } from '../../parts/AppLink.tsx';
import { Loaded, Nothing } from '../../parts/feedback.tsx';
import { Page } from '../../parts/Page.tsx';
import { RunTable } from '../../parts/RunTable.tsx';
import { stateColor } from '../../states.ts';
import { Hours } from './Hours.tsx';
import { Pressure } from './Pressure.tsx';

export function HomePage() {
  const query = useQuery(overviewQuery);
  return (
    <Page title="Home">
      <Loaded query={query}>{(overview) => <Content overview={overview} />}</Loaded>
    </Page>
  );
}

function Content({ overview }: { overview: Overview }) {
  const { health, dags, runs, tasks, active, failed } = overview;
  const isWell = health.status === 'healthy';
  const troubles = health.buildErrors + health.scheduleErrors;
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        <Figure
          label="Health"
          value={isWell ? 'Healthy' : 'Unhealthy'}
          color={stateColor(isWell ? 'success' : 'failed')}
          more={`${health.schedulers} scheduler${health.schedulers === 1 ? '' : 's'} alive`}
        />
        <Figure
          label="DAGs"
          value={dags.total}
          href="/dags"
          more={troubles > 0 ? `${troubles} with troubles` : `${dags.paused} paused`}
          color={troubles > 0 ? stateColor('failed') : undefined}
        />
        <Figure
          label="Runs now"
          value={runs.running}
          href="/runs?state=running"
          more={`${runs.queued} queued, ${tasks.running} tasks at work`}
          color={runs.running > 0 ? stateColor('running') : undefined}
        />
        <Figure
          label="Failed in 24 h"
          value={runs.failed}
          href="/runs?state=failed"
          more={`${runs.success} succeeded`}
          color={runs.failed > 0 ? stateColor('failed') : undefined}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
        <Hours hours={overview.hours} />
        <Pressure pools={overview.pools} executors={overview.executors} />
      </SimpleGrid>
      <section>
        <Title order={2} mb="xs">
          At work
        </Title>
        {active.length > 0 ? (
          <RunTable runs={active} />
        ) : (
          <Nothing icon={IconHeartbeat}>Nothing runs. Runs show here as they begin.</Nothing>
        )}
      </section>
      <section>
        <Title order={2} mb="xs">
          Failed in the last 24 hours
        </Title>
        {failed.length > 0 ? (
          <RunTable runs={failed} />
        ) : (
          <Nothing icon={runs.success > 0 ? IconMoodSmile : IconCircleCheck}>
            Nothing failed.
          </Nothing>
        )}
      </section>
    </Stack>
  );
}

interface FigureProps {
  label: string;
  value: string | number;
  more: string;
  color?: string;
  href?: string;
}

function Figure({ label, value, more, color, href }: FigureProps) {
  const number = (
    <Text fz={24} fw={650} lh={1.3} c="var(--mantine-color-text)" span>
      {value}
    </Text>
  );
  return (
    <Paper withBorder px="md" py="sm">
      <Group gap={6}>
        {color !== undefined && (
          <span
            style={{ width: 8, height: 8, borderRadius: '50%', background: color }}
            aria-hidden
          />
        )}
        <Text size="xs" c="dimmed">
          {label}
        </Text>
      </Group>
      {href === undefined ? (
        number
      ) : (
        <AppLink href={href} underline="never">
          {number}
        </AppLink>
      )}
      <Text size="xs" c="dimmed">
        {more}
      </Text>
    </Paper>
  );
}
