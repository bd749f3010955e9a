/** What the templates of an attempt have become: each text of its config and environment by its path. */
import { Stack, Text } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import type { AttemptDetail } from '../../api/runTypes.ts';
import { visibleText } from '../../log/visibleText.ts';
import type { Json } from '../../params/fields.ts';
import { Empty } from '../../parts/feedback.tsx';
import { CodeText } from '../../parts/code/CodeText.tsx';
import { languageOfOperator } from '../../parts/code/languages.ts';

export function Rendered(props: { rendered: AttemptDetail['rendered']; operator: string | null }) {
  const { rendered, operator } = props;
  if (rendered === null) {
    return (
      <Empty icon={IconTemplate} title="It ran as it was written">
        The task has no templates, or this attempt has not begun. The tab Task shows what was
        written.
      </Empty>
    );
  }
  return (
    <Stack gap="md">
      {leavesOf(rendered as Json).map(([path, text]) => (
        <div key={path} data-rendered={path}>
          <Text ff="monospace" size="sm" fw={600} mb={4}>
            {visibleText(path)}
          </Text>
          <CodeText
            name={path}
            text={text}
            language={SCRIPT.test(path) ? languageOfOperator(operator) : undefined}
          />
        </div>
      ))}
      <Text size="sm" c="dimmed">
        Secrets are hidden, long texts are cut.
      </Text>
    </Stack>
  );
}

/** Of the config of operators that have one. */
const SCRIPT = /(^|\.)script(\.text)?$/;

function leavesOf(value: Json, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, item]) =>
    leavesOf(item, path === '' ? key : `${path}.${key}`),
  );
}
