/** The log of one attempt on the page of its task; what one looks at stands in the address. */
import { IconFileText } from '@tabler/icons-react';
import { useMemo } from 'react';
import { logDownload, logSource } from '../../api/runQueries.ts';
import type { Attempt, TaskInstance } from '../../api/runTypes.ts';
import { type LogPlace, LogView } from '../../log/LogView.tsx';
import { Empty } from '../../parts/feedback.tsx';
import { taskRoute } from '../../routes/task.ts';

interface Props {
  task: TaskInstance;
  attempt: Attempt | undefined;
}

export function AttemptLog({ task, attempt }: Props) {
  const search = taskRoute.useSearch();
  const navigate = taskRoute.useNavigate();
  const { dagId, runId, taskId, mapIndex } = task;
  const number = attempt?.number ?? 0;
  const source = search.source ?? 'task';
  const name = useMemo(
    () => ({ dagId, runId, taskId, mapIndex, number, source }),
    [dagId, runId, taskId, mapIndex, number, source],
  );
  const log = useMemo(() => logSource(name), [name]);
  if (!attempt) return <Empty icon={IconFileText} title="Nothing has run yet" />;
  const { at, level, wrap, find } = search;
  const sources = attempt.logSources.includes('task')
    ? attempt.logSources
    : ['task', ...attempt.logSources];
  const searchOf = ({ source: chosen, ...place }: LogPlace) => ({
    ...search,
    ...place,
    attempt: attempt.number,
    source: chosen === 'task' ? undefined : chosen,
  });
  return (
    <LogView
      key={`${number} ${source}`}
      log={log}
      sources={sources}
      place={{ source, at, level, wrap, find }}
      onPlace={(place) => void navigate({ search: searchOf(place), replace: true })}
      linkOf={(place) => `?${queryOf(searchOf(place))}`}
      downloadUrl={logDownload(name)}
    />
  );
}

function queryOf(search: Record<string, string | number | boolean | undefined>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined) query.set(key, String(value));
  }
  return query.toString();
}
