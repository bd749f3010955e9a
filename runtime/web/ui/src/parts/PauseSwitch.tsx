/** On or paused. Shows the new state at once and takes it back if the webserver refuses. Who may not change it can see it. */
import { Switch, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRights } from '../actions/useRights.ts';
import { at, send } from '../api/call.ts';

interface Props {
  dagId: string;
  tags: readonly string[];
  paused: boolean;
}

export function PauseSwitch({ dagId, tags, paused }: Props) {
  const mayChange = useRights({ dagId, tags })('operate');
  const client = useQueryClient();
  const { mutate, isPending, variables } = useMutation({
    mutationFn: (isOn: boolean) => send('PATCH', at`/dags/${dagId}`, { paused: !isOn }),
    onError: (error) =>
      notifications.show({ color: 'red', title: `${dagId} is as it was`, message: error.message }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['dags'] }),
        client.invalidateQueries({ queryKey: ['dag', dagId] }),
      ]),
  });
  const isOn = isPending ? variables : !paused;
  const words = isOn ? 'On' : 'Paused';
  const next = isOn ? 'press to pause' : 'press to go on';
  return (
    <Tooltip label={mayChange ? `${words}; ${next}` : words} openDelay={400}>
      <Switch
        size="xs"
        checked={isOn}
        disabled={!mayChange}
        onChange={({ currentTarget: { checked } }) => mutate(checked)}
        aria-label={`${dagId} runs on its schedule`}
      />
    </Tooltip>
  );
}
