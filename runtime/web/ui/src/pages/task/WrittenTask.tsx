/** The task as it stands in the plan of the run's version, templates and pod as they were written, and what comes before. */
import { Group, Stack, Text } from '@mantine/core';
import type { TaskInstance } from '../../api/runTypes.ts';
import { JsonTree } from '../../json/JsonTree.tsx';
import { visibleText } from '../../log/visibleText.ts';
import type { Json } from '../../params/fields.ts';
import { AppLink, taskHref } from '../../parts/AppLink.tsx';
import { CodeText } from '../../parts/code/CodeText.tsx';
import { languageOfOperator } from '../../parts/code/languages.ts';

export function WrittenTask({ task }: { task: TaskInstance }) {
  const { script, rest } = apart(task.task as Json);
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
      {script && (
        <div>
          <Text ff="monospace" size="sm" fw={600} mb={4}>
            {visibleText(script.file ?? 'script')}
          </Text>
          <CodeText
            name={script.file ?? 'script'}
            text={script.text}
            language={languageOfOperator(task.operator)}
          />
        </div>
      )}
      <JsonTree value={rest} depth={3} />
    </Stack>
  );
}

/** The script apart from the rest: it is read as code. */
function apart(task: Json): { script?: { file?: string; text: string }; rest: Json } {
  const { config } = task as { config?: { script?: { file?: string; text?: unknown } } };
  const { file, text } = config?.script ?? {};
  if (typeof text !== 'string') return { rest: task };
  const script = { ...(typeof file === 'string' && { file }), text };
  const shown = { ...config, script: file ?? '(above)' };
  return { script, rest: { ...(task as object), config: shown } };
}
