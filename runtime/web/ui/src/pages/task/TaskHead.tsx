/** The head of a task instance: where it belongs, its state, why it waits or failed; and the facts below it. */
import { Alert, Breadcrumbs, Code, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconClockPause } from '@tabler/icons-react';
import type { TaskInstance } from '../../api/runTypes.ts';
import { instanceName } from '../../gantt/Gantt.tsx';
import { visibleText } from '../../log/visibleText.ts';
import { AppLink, dagHref, runHref } from '../../parts/AppLink.tsx';
import { Fact, Facts } from '../../parts/Facts.tsx';
import { StateBadge } from '../../parts/StateBadge.tsx';
import { Duration, RelativeTime } from '../../parts/times.tsx';

export function TaskHead({ task }: { task: TaskInstance }) {
  const { dagId, runId, state } = task;
  return (
    <Stack gap={4}>
      <Breadcrumbs separatorMargin={6} styles={{ root: { flexWrap: 'wrap' } }}>
        <AppLink href={dagHref(dagId)} size="sm">
          {visibleText(dagId)}
        </AppLink>
        <AppLink href={runHref(dagId, runId)} size="sm" ff="monospace">
          {visibleText(runId)}
        </AppLink>
      </Breadcrumbs>
      <Group gap="sm">
        <Title order={1} ff="monospace" size="h3" style={{ overflowWrap: 'anywhere' }}>
          {instanceName(task)}
        </Title>
        <StateBadge state={state} />
      </Group>
    </Stack>
  );
}

export function TaskFacts({ task }: { task: TaskInstance }) {
  const { reason, state, operator, executor, pool, poolSlots, priority } = task;
  const last = task.attemptList[0];
  const isBad = state === 'failed' || state === 'upstream_failed';
  const words = [...new Set([reason, isBad ? (last?.message ?? null) : null])].filter(
    (one) => one !== null,
  );
  return (
    <Stack gap="sm">
      {words.length > 0 && (
        <Alert
          variant="light"
          color={isBad ? 'red' : 'gray'}
          icon={isBad ? <IconAlertTriangle size={18} /> : <IconClockPause size={18} />}
          data-testid="task-reason"
        >
          {words.map((one) => (
            <Text key={one} size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {visibleText(one)}
            </Text>
          ))}
        </Alert>
      )}
      <Facts>
        <Fact name="Took">
          <Duration startedAt={task.startedAt} endedAt={task.endedAt} size="sm" c={undefined} />
        </Fact>
        <Fact name="Started">
          <RelativeTime time={task.startedAt} size="sm" c={undefined} />
        </Fact>
        <Fact name="Attempts">
          <Text size="sm">
            {task.attempts}, {task.triesUsed} of {task.maxTries} tries used
          </Text>
        </Fact>
        <Fact name="Operator">
          <Text size="sm">{visibleText(operator ?? '')}</Text>
        </Fact>
        <Fact name="Executor">
          <Text size="sm">{visibleText(executor)}</Text>
        </Fact>
        <Fact name="Pool">
          <Text size="sm">
            {visibleText(pool)}
            {poolSlots > 1 && `, ${poolSlots} slots`}
          </Text>
        </Fact>
        <Fact name="Priority">
          <Text size="sm">{priority}</Text>
        </Fact>
        {task.triggerRule !== null && (
          <Fact name="Starts when">
            <Code>{task.triggerRule}</Code>
          </Fact>
        )}
      </Facts>
    </Stack>
  );
}
