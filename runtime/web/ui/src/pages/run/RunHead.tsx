/** The head of a run: where it belongs, its state, the cause in words; and the facts below it. */
import { Alert, Anchor, Badge, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconClockPause } from '@tabler/icons-react';
import type { Run } from '../../api/runTypes.ts';
import { visibleText } from '../../log/visibleText.ts';
import { AppLink, dagHref } from '../../parts/AppLink.tsx';
import { Fact, Facts } from '../../parts/Facts.tsx';
import { StateBadge } from '../../parts/StateBadge.tsx';
import { Duration, Nothing, RelativeTime } from '../../parts/times.tsx';
import { runRoute } from '../../routes/run.ts';

const ORDER = [
  'failed',
  'upstream_failed',
  'running',
  'launching',
  'queued',
  'scheduled',
  'up_for_retry',
  'up_for_reschedule',
  'deferred',
  'none',
  'skipped',
  'success',
  'removed',
] as const;

export function RunHead({ run: { dagId, runId, state, kind } }: { run: Run }) {
  return (
    <Stack gap={4}>
      <AppLink href={dagHref(dagId)} size="sm">
        {visibleText(dagId)}
      </AppLink>
      <Group gap="sm">
        <Title order={1} ff="monospace" size="h3" style={{ overflowWrap: 'anywhere' }}>
          {visibleText(runId)}
        </Title>
        <StateBadge state={state} />
        <Badge variant="default" size="sm">
          {kind}
        </Badge>
      </Group>
    </Stack>
  );
}

export function RunFacts({ run }: { run: Run }) {
  const why = run.reason ?? run.causeWords;
  return (
    <Stack gap="sm">
      {why !== null && run.state !== 'success' && (
        <Alert
          variant="light"
          color={run.state === 'failed' ? 'red' : 'gray'}
          icon={
            run.state === 'failed' ? <IconAlertTriangle size={18} /> : <IconClockPause size={18} />
          }
          data-testid="run-reason"
        >
          <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
            {visibleText(why.slice(0, 1).toUpperCase() + why.slice(1))}
          </Text>
        </Alert>
      )}
      <Facts>
        <Fact name="Took">
          <Duration startedAt={run.startedAt} endedAt={run.endedAt} c={undefined} size="sm" />
        </Fact>
        <Fact name="Started">
          <RelativeTime time={run.startedAt} c={undefined} size="sm" />
        </Fact>
        <Fact name="Ended">
          <RelativeTime time={run.endedAt} c={undefined} size="sm" />
        </Fact>
        <Fact name="Logical date">
          {run.logicalDate === null ? (
            <Nothing />
          ) : (
            <Text size="sm" ff="monospace">
              {run.logicalDate.slice(0, 19).replace('T', ' ')}
            </Text>
          )}
        </Fact>
        <Fact name="Version">
          <Group gap={6}>
            <AppLink href={`${dagHref(run.dagId)}?tab=code&version=${run.version}`} size="sm">
              {run.version}
            </AppLink>
            {!run.isLatestVersion && (
              <Badge size="xs" color="orange" variant="light" c="var(--mantine-color-text)">
                not the latest
              </Badge>
            )}
          </Group>
        </Fact>
        {run.backfill !== null && (
          <Fact name="Backfill">
            <AppLink href={`/backfills?dagId=${encodeURIComponent(run.dagId)}`} size="sm">
              {run.backfill}
            </AppLink>
          </Fact>
        )}
        {run.trace !== null && run.trace.url !== null && (
          <Fact name="Trace">
            <Anchor href={run.trace.url} target="_blank" rel="noreferrer" size="sm" ff="monospace">
              {run.trace.id.slice(0, 8)}
            </Anchor>
          </Fact>
        )}
        {run.note !== null && (
          <Fact name="Note">
            <Text size="sm">{visibleText(run.note)}</Text>
          </Fact>
        )}
      </Facts>
      <Counts counts={run.counts} />
    </Stack>
  );
}

/** How many tasks are in which state; each opens the table with that state alone. */
function Counts({ counts }: { counts: Run['counts'] }) {
  const navigate = runRoute.useNavigate();
  return (
    <Group gap="md">
      {ORDER.filter((state) => (counts[state] ?? 0) > 0).map((state) => (
        <Anchor
          key={state}
          component="button"
          type="button"
          c="inherit"
          title={`Only tasks that are ${state}`}
          onClick={() => void navigate({ search: (was) => ({ ...was, tab: undefined, state }) })}
        >
          <StateBadge state={state} count={counts[state]} />
        </Anchor>
      ))}
    </Group>
  );
}
