/** What changed between two versions: in words, then each task and file that differs, line by line. */
import { Badge, List, Stack, Text, Title } from '@mantine/core';
import { IconEqual } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { diffQuery } from '../../../api/queries.ts';
import type { Diff } from '../../../api/types.ts';
import { Empty, Loaded } from '../../../parts/feedback.tsx';
import { CodeLines } from './CodeText.tsx';
import { diffLines } from './diffLines.ts';

export function Difference({ dagId, from, to }: { dagId: string; from: number; to: number }) {
  const query = useQuery(diffQuery(dagId, from, to));
  return <Loaded query={query}>{(diff) => <Content diff={diff} />}</Loaded>;
}

const json = (value: unknown) => (value == null ? '' : JSON.stringify(value, null, 2));

function Content({ diff: { from, to, changes, plan, tasks, files } }: { diff: Diff }) {
  const isPlanSame = json(plan.before) === json(plan.after);
  if (isPlanSame && tasks.length + files.length + changes.length === 0) {
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
      {!isPlanSame && (
        <Part title="The DAG itself" kind="changed" before={plan.before} after={plan.after} />
      )}
      {tasks.map(({ taskId, kind, before, after }) => (
        <Part key={taskId} title={taskId} kind={kind} before={before} after={after} />
      ))}
      {files.map(({ path, kind }) => (
        <Heading key={path} title={path} kind={kind} />
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

interface PartProps {
  title: string;
  kind: string;
  before: unknown;
  after: unknown;
}

function Part({ title, kind, before, after }: PartProps) {
  return (
    <section>
      <Heading title={title} kind={kind} />
      <CodeLines name={title} lines={diffLines(json(before), json(after))} />
    </section>
  );
}
