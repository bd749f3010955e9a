/** Tab of code: each version of the plan with its files, and what changed between two. */
import { Badge, Group, NavLink, Select, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { versionFileQuery, versionQuery, versionsQuery } from '../../../api/queries.ts';
import type { Version, VersionPage } from '../../../api/types.ts';
import { Loaded } from '../../../parts/feedback.tsx';
import { absoluteWords } from '../../../time.ts';
import { RelativeTime } from '../../../parts/times.tsx';
import { dagRoute } from '../../../routes/dag.ts';
import { CodeText } from './CodeText.tsx';
import { Difference } from './Difference.tsx';
import classes from './code.module.css';

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

const PLAN = 'plan';

function Files({ dagId, version }: { dagId: string; version: Version }) {
  const { file = PLAN } = dagRoute.useSearch();
  const navigate = dagRoute.useNavigate();
  const choose = (next: string) => void navigate({ search: (old) => ({ ...old, file: next }) });
  return (
    <>
      <Group gap="xs" mb="sm">
        <Badge variant="default" tt="none" ff="monospace" fw={500}>
          {version.hash.slice(0, 12)}
        </Badge>
        <Text size="xs" c="dimmed" component="span">
          made <RelativeTime time={version.createdAt} />
        </Text>
      </Group>
      <div className={classes.columns}>
        <nav aria-label="Files of the version" className={classes.files}>
          <NavLink
            component="button"
            label="Plan (JSON)"
            active={file === PLAN}
            onClick={() => choose(PLAN)}
          />
          {version.files.map(({ path, bytes }) => (
            <NavLink
              component="button"
              key={path}
              label={path}
              description={`${Math.ceil(bytes / 1024)} KB`}
              active={file === path}
              onClick={() => choose(path)}
            />
          ))}
        </nav>
        <SimpleGrid cols={1} miw={0}>
          {file === PLAN ? (
            <CodeText
              name="Plan"
              text={JSON.stringify(
                { ...(version.plan as object), tasks: version.taskList },
                null,
                2,
              )}
            />
          ) : (
            <OneFile dagId={dagId} version={version.version} path={file} />
          )}
        </SimpleGrid>
      </div>
    </>
  );
}

function OneFile({ dagId, version, path }: { dagId: string; version: number; path: string }) {
  const query = useQuery(versionFileQuery(dagId, version, path));
  return (
    <Loaded query={query}>
      {({ text }) =>
        text === null ? (
          <Text size="sm" c="dimmed">
            No text, or longer than 1 MB.
          </Text>
        ) : (
          <CodeText name={path} text={text} />
        )
      }
    </Loaded>
  );
}
