/** Every attempt of a task instance: how it ended, why in words, where it ran, what the executor noted of its pod. */
import { Anchor, Badge, Card, Code, Group, Stack, Table, Text } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import type { Attempt } from '../../api/runTypes.ts';
import { JsonTree } from '../../json/JsonTree.tsx';
import { bytesWords } from '../../log/LogView.tsx';
import { visibleText } from '../../log/visibleText.ts';
import type { Json } from '../../params/fields.ts';
import { Empty } from '../../parts/feedback.tsx';
import { StateBadge } from '../../parts/StateBadge.tsx';
import { Duration, RelativeTime } from '../../parts/times.tsx';
import { taskRoute } from '../../routes/task.ts';

export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return <Empty icon={IconRepeat} title="There was no attempt yet" />;
  return (
    <Stack gap="sm">
      {attempts.map((attempt) => (
        <AttemptCard key={attempt.number} attempt={attempt} />
      ))}
    </Stack>
  );
}

function AttemptCard({ attempt }: { attempt: Attempt }) {
  const navigate = taskRoute.useNavigate();
  const { number, state, launchedAt, startedAt, endedAt, causeWords, message, pod, facts } =
    attempt;
  return (
    <Card withBorder padding="md" data-attempt={number}>
      <Group gap="md">
        <Text fw={600} size="sm">
          Attempt {number}
        </Text>
        <StateBadge state={state} />
        {attempt.cause !== null && <Code>{attempt.cause}</Code>}
        {attempt.isInfrastructure && (
          <Badge color="gray" variant="light" c="var(--mantine-color-text)" tt="none">
            spent no try of the task
          </Badge>
        )}
        <Anchor
          ml="auto"
          size="sm"
          component="button"
          type="button"
          onClick={() =>
            void navigate({
              search: (was) => ({ ...was, tab: undefined, attempt: number, at: undefined }),
            })
          }
        >
          Log, {bytesWords(attempt.logBytes)}
        </Anchor>
      </Group>
      {(causeWords !== null || message !== null) && (
        <Stack gap={2} mt="xs">
          {causeWords !== null && <Text size="sm">{visibleText(causeWords)}</Text>}
          {message !== null && message !== causeWords && (
            <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {visibleText(message)}
            </Text>
          )}
        </Stack>
      )}
      <Table variant="vertical" layout="fixed" mt="sm" withRowBorders={false} verticalSpacing={2}>
        <Table.Tbody>
          <Line name="Launched">
            <RelativeTime time={launchedAt} />
          </Line>
          <Line name="Launching took">
            <Duration startedAt={launchedAt} endedAt={startedAt ?? endedAt} />
          </Line>
          <Line name="Ran for">
            <Duration startedAt={startedAt} endedAt={endedAt} />
          </Line>
          {attempt.exitCode !== null && <Line name="Exit code">{attempt.exitCode}</Line>}
          {attempt.looks > 1 && <Line name="Looks of the sensor">{attempt.looks}</Line>}
          <Line name="Executor">{visibleText(attempt.executor)}</Line>
          {attempt.host !== null && <Line name="Host">{visibleText(attempt.host)}</Line>}
          {pod && (
            <>
              <Line name="Pod">
                {visibleText(`${pod.cluster} / ${pod.namespace} / ${pod.name}`)}
              </Line>
              {pod.node !== null && <Line name="Node">{visibleText(pod.node)}</Line>}
              {pod.image !== null && <Line name="Image">{visibleText(pod.image)}</Line>}
              {pod.waiting !== null && <Line name="Waits for">{visibleText(pod.waiting)}</Line>}
            </>
          )}
        </Table.Tbody>
      </Table>
      {facts !== null && (
        <Stack gap={4} mt="sm">
          <Text size="xs" c="dimmed">
            All that the executor noted
          </Text>
          <JsonTree value={facts as Json} depth={0} />
        </Stack>
      )}
    </Card>
  );
}

function Line({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={160} fz="xs" fw={500} c="dimmed" bg="transparent">
        {name}
      </Table.Th>
      <Table.Td fz="xs" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Table.Td>
    </Table.Tr>
  );
}
