/** What the task gave to others (XComs), as trees; each can be had as a file, long ones only so. */
import { Anchor, Group, Stack, Text } from '@mantine/core';
import { IconPackageExport } from '@tabler/icons-react';
import { type TaskName, xcomDownload } from '../../api/runQueries.ts';
import type { XCom } from '../../api/runTypes.ts';
import { JsonTree } from '../../json/JsonTree.tsx';
import { bytesWords } from '../../log/LogView.tsx';
import { visibleText } from '../../log/visibleText.ts';
import type { Json } from '../../params/fields.ts';
import { Empty } from '../../parts/feedback.tsx';
import { RelativeTime } from '../../parts/times.tsx';

export function Outputs({ task, xcoms }: { task: TaskName; xcoms: readonly XCom[] }) {
  if (xcoms.length === 0) {
    return <Empty icon={IconPackageExport} title="It has given nothing to others" />;
  }
  return (
    <Stack gap="md">
      {xcoms.map(({ key, value, bytes, isLong, createdAt }) => (
        <div key={key} data-xcom={key}>
          <Group gap="sm" mb={4}>
            <Text ff="monospace" size="sm" fw={600}>
              {visibleText(key)}
            </Text>
            <Text size="xs" c="dimmed">
              {bytesWords(bytes)}
            </Text>
            <RelativeTime time={createdAt} />
            <Anchor
              size="xs"
              href={xcomDownload(task, key)}
              download
              aria-label={`Download ${visibleText(key)}`}
            >
              Download
            </Anchor>
          </Group>
          {isLong ? (
            <Text size="sm" c="dimmed">
              Too long to be shown here: the file has it whole.
            </Text>
          ) : (
            <JsonTree value={value as Json} depth={3} />
          )}
        </div>
      ))}
    </Stack>
  );
}
