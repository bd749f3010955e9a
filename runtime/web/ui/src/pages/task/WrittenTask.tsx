/** The task as it stands in the plan of the run's version, templates and pod as they were written, and what comes before. */
import { Group, Stack, Text } from '@mantine/core';
import type { TaskInstance } from '../../api/runTypes.ts';
import { JsonTree } from '../../json/JsonTree.tsx';
import { visibleText } from '../../log/visibleText.ts';
import type { Json } from '../../params/fields.ts';
import { AppLink, taskHref } from '../../parts/AppLink.tsx';
import { Script } from './Script.tsx';
import { scriptApart } from './scriptApart.ts';

export function WrittenTask({ task }: { task: TaskInstance }) {
  const { script, rest } = scriptApart(task.task as Json);
  return (
    <Stack gap="md">
      {task.upstream.length > 0 && (
        <Group gap="sm">
          <Text size="sm" c="dimmed">
            After
          </Text>
          {task.upstream.map((taskId) => (
            <AppLink
              key={taskId}
              href={taskHref(task.dagId, task.runId, taskId)}
              ff="monospace"
              size="sm"
            >
              {visibleText(taskId)}
            </AppLink>
          ))}
        </Group>
      )}
      <Script script={script} operator={task.operator} />
      <JsonTree value={rest} depth={3} />
    </Stack>
  );
}
