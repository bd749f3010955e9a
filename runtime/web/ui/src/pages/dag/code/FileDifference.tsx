/** One file of two versions, line by line. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { versionFileQuery } from '../../../api/queries.ts';
import type { Diff } from '../../../api/types.ts';
import { CodeDifference } from '../../../parts/code/CodeText.tsx';
import { Loaded } from '../../../parts/feedback.tsx';

interface Props {
  dagId: string;
  from: number;
  to: number;
  file: Diff['files'][number];
}

export function FileDifference({ dagId, from, to, file }: Props) {
  const { path, origin, kind } = file;
  const [isNew, isGone] = [kind === 'added', kind === 'removed'];
  const before = useQuery({
    ...versionFileQuery(dagId, from, { path, origin }),
    enabled: !isNew,
  });
  const after = useQuery({
    ...versionFileQuery(dagId, to, { path, origin }),
    enabled: !isGone,
  });
  return (
    <Loaded query={isNew ? after : before}>
      {(old) => (
        <Loaded query={isGone ? before : after}>
          {(fresh) =>
            old.text === null || fresh.text === null ? (
              <Text size="sm" c="dimmed">
                No text, or longer than 1 MB.
              </Text>
            ) : (
              <CodeDifference
                name={path}
                before={isNew ? '' : old.text}
                after={isGone ? '' : fresh.text}
              />
            )
          }
        </Loaded>
      )}
    </Loaded>
  );
}
