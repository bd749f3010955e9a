/** On or paused. Shows the new state at once and takes it back if the webserver refuses. */
import { Switch, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { at, send } from '../api/call.ts';

export function PauseSwitch({ dagId, paused }: { dagId: string; paused: boolean }) {
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
  return (
    <Tooltip label={isOn ? 'On; press to pause' : 'Paused; press to go on'} openDelay={400}>
      <Switch
        size="xs"
        checked={isOn}
        onChange={({ currentTarget: { checked } }) => mutate(checked)}
        aria-label={`${dagId} runs on its schedule`}
      />
    </Tooltip>
  );
}
