/** One version: what people wrote, the plan that was made of it, and the bundle that workers get. */
import { Badge, Group, NavLink, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { versionFileQuery } from '../../../api/queries.ts';
import type { Version } from '../../../api/types.ts';
import { visibleText } from '../../../log/visibleText.ts';
import { CodeText } from '../../../parts/code/CodeText.tsx';
import { Loaded } from '../../../parts/feedback.tsx';
import { RelativeTime } from '../../../parts/times.tsx';
import { dagRoute } from '../../../routes/dag.ts';
import classes from './code.module.css';
import { chosenFile, isWritten, nameOf, PLAN, shortPath, type VersionFileName } from './files.ts';

export function Files({ dagId, version }: { dagId: string; version: Version }) {
  const { file: name } = dagRoute.useSearch();
  const navigate = dagRoute.useNavigate();
  const choose = (next: string) => void navigate({ search: (old) => ({ ...old, file: next }) });
  const file = chosenFile(version.files, name);
  const link = (one: VersionFileName) => (
    <NavLink
      component="button"
      key={nameOf(one)}
      label={visibleText(shortPath(version.files, one.path))}
      title={visibleText(one.path)}
      rightSection={
        <Text size="xs" c="dimmed" className={classes.size}>
          {one.bytes < 1024 ? `${one.bytes} B` : `${Math.ceil(one.bytes / 1024)} KB`}
        </Text>
      }
      className={classes.file}
      active={one === file}
      aria-current={one === file ? 'true' : undefined}
      onClick={() => choose(nameOf(one))}
    />
  );
  const written = version.files.filter(isWritten);
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
          {written.length > 0 && <Text className={classes.part}>Written</Text>}
          {written.map(link)}
          <Text className={classes.part}>Built</Text>
          <NavLink
            component="button"
            label="Plan (JSON)"
            className={classes.file}
            active={file === undefined}
            aria-current={file === undefined ? 'true' : undefined}
            onClick={() => choose(PLAN)}
          />
          {version.files.filter((one) => !isWritten(one)).map(link)}
        </nav>
        <div className={classes.shown}>
          {file ? (
            <OneFile key={nameOf(file)} dagId={dagId} version={version.version} file={file} />
          ) : (
            <CodeText name="plan.json" text={planText(version)} />
          )}
        </div>
      </div>
    </>
  );
}

function planText({ plan, taskList }: Version): string {
  return JSON.stringify({ ...(plan as object), tasks: taskList }, null, 2);
}

function OneFile(props: { dagId: string; version: number; file: VersionFileName }) {
  const { path, origin } = props.file;
  const query = useQuery(versionFileQuery(props.dagId, props.version, { path, origin }));
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
