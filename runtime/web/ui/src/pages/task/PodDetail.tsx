/** The pod of an attempt as it was sent to the cluster, and what the cluster told of it; also when the pod is gone. */
import { Stack, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconBox } from '@tabler/icons-react';
import { dump } from 'js-yaml';
import type { AttemptDetail } from '../../api/runTypes.ts';
import { visibleText } from '../../log/visibleText.ts';
import { Empty } from '../../parts/feedback.tsx';
import { RelativeTime } from '../../parts/times.tsx';
import { CodeText } from '../../parts/code/CodeText.tsx';

const NARROW = { whiteSpace: 'nowrap', width: 1 } as const;

export function PodDetail({ detail: { pod, events } }: { detail: AttemptDetail }) {
  if (pod === null && events.length === 0) {
    return <Empty icon={IconBox} title="This attempt had no pod" />;
  }
  return (
    <Stack gap="md">
      <Title order={2} size="h5">
        Events
      </Title>
      {events.length === 0 ? (
        <Text size="sm" c="dimmed">
          Events are kept of pods that wait long, fail or vanish.
        </Text>
      ) : (
        <PodEvents events={events} />
      )}
      {pod !== null && (
        <>
          <Title order={2} size="h5">
            Manifest
          </Title>
          <CodeText
            name="Manifest of the pod"
            text={dump(pod, { lineWidth: 120, noRefs: true })}
            language="yaml"
          />
        </>
      )}
    </Stack>
  );
}

function PodEvents({ events }: { events: AttemptDetail['events'] }) {
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing={6} fz="sm" data-testid="pod-events">
        <Table.Thead>
          <Table.Tr>
            <Table.Th style={NARROW}>Last seen</Table.Th>
            <Table.Th>Reason</Table.Th>
            <Table.Th>From</Table.Th>
            <Table.Th>Message</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map(({ type, reason, message, count, at, from }, index) => (
            <Table.Tr key={index}>
              <Table.Td style={NARROW}>
                <RelativeTime time={at} />
              </Table.Td>
              <Table.Td style={NARROW}>
                <Text span size="sm" fw={type === 'Warning' ? 600 : undefined}>
                  {type === 'Warning' && (
                    <IconAlertTriangle
                      size={14}
                      color="var(--mantine-color-orange-6)"
                      style={{ marginRight: 4, verticalAlign: -2 }}
                      aria-label="Warning"
                    />
                  )}
                  {visibleText(reason)}
                  {count > 1 && ` ×${count}`}
                </Text>
              </Table.Td>
              <Table.Td style={NARROW}>{visibleText(from)}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{visibleText(message)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
