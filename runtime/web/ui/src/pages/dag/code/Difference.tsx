/** What changed between two versions: in words, then each file that people wrote, then the DAG and each task of the plan. */
import { Badge, List, Stack, Text, Title } from '@mantine/core';
import { IconEqual } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { diffQuery, versionFileQuery } from '../../../api/queries.ts';
import type { Diff } from '../../../api/types.ts';
import { CodeDifference } from '../../../parts/code/CodeText.tsx';
import { Empty, Loaded } from '../../../parts/feedback.tsx';
import { isBuilt, MAP_FILE, nameOf } from './files.ts';
import { planPart } from './planPart.ts';

export function Difference({ dagId, from, to }: { dagId: string; from: number; to: number }) {
  const query = useQuery(diffQuery(dagId, from, to));
  return <Loaded query={query}>{(diff) => <Content dagId={dagId} diff={diff} />}</Loaded>;
}

type DiffFile = Diff['files'][number];

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
                {change}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
      {files.map((file) => (
        <section key={nameOf(file)}>
          <Heading title={file.path} kind={file.kind} />
          {!isBuilt(file.path) && <FileDifference {...{ dagId, from, to, file }} />}
        </section>
      ))}
      {parts.map(({ title, kind, before, after }) => (
        <section key={title}>
          <Heading title={title} kind={kind} />
          <CodeDifference name={`${title}.json`} before={before} after={after} />
        </section>
      ))}
    </Stack>
  );
}

function Heading({ title, kind }: { title: string; kind: string }) {
  return (
    <Title order={3} fz="sm" ff="monospace" mb={6}>
      {title}{' '}
      <Badge variant="default" size="sm" tt="none">
        {kind}
      </Badge>
    </Title>
  );
}

function FileDifference(props: { dagId: string; from: number; to: number; file: DiffFile }) {
  const { dagId, from, to, file } = props;
  const { path, origin, kind } = file;
  const before = useQuery({
    ...versionFileQuery(dagId, from, { path, origin }),
    enabled: kind !== 'added',
  });
  const after = useQuery({
    ...versionFileQuery(dagId, to, { path, origin }),
    enabled: kind !== 'removed',
  });
  const known = [kind === 'added' ? after : before, kind === 'removed' ? before : after] as const;
  return (
    <Loaded query={known[0]}>
      {(first) => (
        <Loaded query={known[1]}>
          {(last) => (
            <CodeDifference
              name={path}
              before={kind === 'added' ? '' : (first.text ?? '')}
              after={kind === 'removed' ? '' : (last.text ?? '')}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}
