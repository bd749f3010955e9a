/** What can be done about a run. Dialogs stand in the address (`do`), so they can be linked and closed by going back. */
import { Button, Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconEraser,
  IconPlayerPlay,
  IconRefresh,
  IconX,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ClearDialog } from '../../actions/ClearDialog.tsx';
import { ConfirmDialog } from '../../actions/ConfirmDialog.tsx';
import { TriggerDialog } from '../../actions/TriggerDialog.tsx';
import { useRights } from '../../actions/useRights.ts';
import { dagQuery } from '../../api/queries.ts';
import { runPath } from '../../api/runQueries.ts';
import type { Run } from '../../api/runTypes.ts';
import type { Json } from '../../params/fields.ts';
import { runHref, useOpen } from '../../parts/AppLink.tsx';
import { type RUN_DIALOGS, runRoute } from '../../routes/run.ts';

type Dialog = (typeof RUN_DIALOGS)[number];

export function RunActions({ run }: { run: Run }) {
  const { dagId, runId } = run;
  const { do: dialog } = runRoute.useSearch();
  const navigate = runRoute.useNavigate();
  const { data: dag } = useQuery(dagQuery(dagId));
  const may = useRights({ dagId, tags: dag?.tags ?? [] });
  const open = useOpen();
  const show = (next: Dialog | undefined) =>
    void navigate({ search: (was) => ({ ...was, do: next }), replace: next === undefined });
  const close = () => show(undefined);
  if (!may('operate')) return null;
  const isOver = run.state === 'success' || run.state === 'failed';
  return (
    <>
      {!isOver && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconX size={14} />}
          onClick={() => show('cancel')}
        >
          Cancel
        </Button>
      )}
      {run.state === 'failed' && (
        <Button size="xs" leftSection={<IconRefresh size={14} />} onClick={() => show('retry')}>
          Retry what failed
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconEraser size={14} />} onClick={() => show('clear')}>
            Clear tasks of this run
          </Menu.Item>
          <Menu.Item leftSection={<IconPlayerPlay size={14} />} onClick={() => show('again')}>
            Start a new run with these params
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'clear' && (
        <ClearDialog dagId={dagId} runId={runId} tasks={[]} isOpen onClose={close} />
      )}
      {dialog === 'retry' && (
        <ClearDialog
          dagId={dagId}
          runId={runId}
          tasks={[]}
          onlyFailed
          latest={!run.isLatestVersion}
          isOpen
          onClose={close}
        />
      )}
      {dialog === 'cancel' && (
        <ConfirmDialog
          title="Cancel the run"
          text="What runs is stopped, what waits never starts, and the run ends as failed."
          verb="Cancel the run"
          change={{ path: `${runPath(run)}/cancel`, method: 'POST' }}
          done="The run is cancelled."
          isOpen
          onClose={close}
        />
      )}
      {dialog === 'again' && (
        <TriggerDialog
          dagId={dagId}
          given={run.params as { [name: string]: Json }}
          isOpen
          onClose={close}
          onStarted={(started) => open(runHref(dagId, started))}
        />
      )}
    </>
  );
}
