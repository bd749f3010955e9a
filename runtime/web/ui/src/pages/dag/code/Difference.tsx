/** What changed between two versions: in words, then each file that people wrote, then the DAG and each task of the plan. */
import { List, Stack, Text } from '@mantine/core';
import { IconEqual } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { diffQuery } from '../../../api/queries.ts';
import type { Diff } from '../../../api/types.ts';
import { visibleText } from '../../../log/visibleText.ts';
import { CodeDifference } from '../../../parts/code/CodeText.tsx';
import { Empty, Loaded } from '../../../parts/feedback.tsx';
import { DifferencePart } from './DifferencePart.tsx';
import { FileDifference } from './FileDifference.tsx';
import { isBuilt, MAP_FILE, nameOf } from './files.ts';
import { planPart } from './planPart.ts';

/** More are closed at first: each is compared and coloured when it is opened. */
const MOST_OPEN = 12;

export function Difference({ dagId, from, to }: { dagId: string; from: number; to: number }) {
  const query = useQuery(diffQuery(dagId, from, to));
  return <Loaded query={query}>{(diff) => <Content dagId={dagId} diff={diff} />}</Loaded>;
}

function Content({ dagId, diff }: { dagId: string; diff: Diff }) {
  const { from, to, changes, plan, tasks } = diff;
  // It tells where lines are, and follows the code.
  const files = diff.files.filter(({ path }) => path !== MAP_FILE);
  const parts = [
    { title: 'The DAG itself', kind: 'changed', ...plan },
    ...tasks.map(({ taskId, ...task }) => ({ title: taskId, ...task })),
  ]
    .map((part) => ({ ...part, before: planPart(part.before), after: planPart(part.after) }))
    // A task of which only the script is another one: that is among the files.
    .filter(({ before, after }) => before !== after);
  if (parts.length + files.length + changes.length === 0) {
    return (
      <Empty icon={IconEqual} title="They are the same">
        Versions {from} and {to} do not differ.
      </Empty>
    );
  }
  return (
    <Stack gap="md">
      {changes.length > 0 && (
        <List size="sm" spacing={2}>
          {changes.map((change) => (
            <List.Item key={change}>
              <Text size="xs" ff="monospace" span>
                {visibleText(change)}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
      {files.map((file, at) => (
        <DifferencePart
          key={nameOf(file)}
          title={file.path}
          kind={file.kind}
          isOpen={at < MOST_OPEN}
        >
          {isBuilt(file) ? null : <FileDifference {...{ dagId, from, to, file }} />}
        </DifferencePart>
      ))}
      {parts.map(({ title, kind, before, after }, at) => (
        <DifferencePart
          key={title}
          title={title}
          kind={kind}
          isOpen={files.length + at < MOST_OPEN}
        >
          <CodeDifference name={`${title}.json`} before={before} after={after} />
        </DifferencePart>
      ))}
    </Stack>
  );
}
