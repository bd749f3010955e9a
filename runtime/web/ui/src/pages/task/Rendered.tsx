/** What the templates of an attempt have become: its script as it ran, and the rest of its config and environment. */
import { Stack, Text } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import type { AttemptDetail } from '../../api/runTypes.ts';
import { JsonTree } from '../../json/JsonTree.tsx';
import type { Json } from '../../params/fields.ts';
import { Empty } from '../../parts/feedback.tsx';
import { Script } from './Script.tsx';
import { scriptApart } from './scriptApart.ts';

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
  const { script, rest } = scriptApart(rendered as Json);
  return (
    <Stack gap="md" data-testid="rendered">
      <Script script={script} operator={operator} />
      <JsonTree value={rest} depth={3} />
      <Text size="sm" c="dimmed">
        Secrets are hidden, long texts are cut.
      </Text>
    </Stack>
  );
}
