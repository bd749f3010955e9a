/** Tab of code: each version of the plan with its files, and what changed between two. */
import { Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { versionQuery, versionsQuery } from '../../../api/queries.ts';
import type { VersionPage } from '../../../api/types.ts';
import { Loaded } from '../../../parts/feedback.tsx';
import { absoluteWords } from '../../../time.ts';
import { dagRoute } from '../../../routes/dag.ts';
import { Difference } from './Difference.tsx';
import { Files } from './Files.tsx';

export function CodeTab({ dagId }: { dagId: string }) {
  const query = useQuery(versionsQuery(dagId));
  return (
    <Loaded query={query}>{({ items }) => <Versions dagId={dagId} versions={items} />}</Loaded>
  );
}

function Versions({ dagId, versions }: { dagId: string; versions: VersionPage['items'] }) {
  const { version: said, with: other } = dagRoute.useSearch();
  const navigate = dagRoute.useNavigate();
  const version = said ?? versions.find(({ isCurrent }) => isCurrent)?.version ?? 1;
  const data = versions.map((item) => ({
    value: String(item.version),
    label: `${item.version}${item.isCurrent ? ' (current)' : ''} · ${absoluteWords(item.createdAt).split(' (')[0]}`,
  }));
  const numberOf = (value: string | null) => (value === null ? undefined : Number(value));
  return (
    <>
      <Group gap="sm" mb="sm" align="flex-end">
        <Select
          size="xs"
          w={260}
          label="Version"
          data={data}
          value={String(version)}
          onChange={(value) =>
            void navigate({
              search: (old) => ({ ...old, version: numberOf(value), file: undefined }),
            })
          }
        />
        <Select
          size="xs"
          w={260}
          label="Compared with"
          clearable
          disabled={versions.length < 2}
          placeholder={versions.length < 2 ? 'There is one version' : 'nothing'}
          data={data.filter(({ value }) => value !== String(version))}
          value={other === undefined ? null : String(other)}
          onChange={(value) =>
            void navigate({ search: (old) => ({ ...old, with: numberOf(value) }) })
          }
        />
      </Group>
      {other === undefined || other === version ? (
        <OneVersion dagId={dagId} version={version} />
      ) : (
        <Difference dagId={dagId} from={other} to={version} />
      )}
    </>
  );
}

function OneVersion({ dagId, version }: { dagId: string; version: number }) {
  const query = useQuery(versionQuery(dagId, version));
  return (
    <Loaded query={query}>
      {(found) => <Files key={version} dagId={dagId} version={found} />}
    </Loaded>
  );
}
