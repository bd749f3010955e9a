/** One sentence and a button, for changes that need no fields: cancel a run, delete a pool or variable. */
import { Text } from '@mantine/core';
import { ActionDialog } from './ActionDialog.tsx';
import { type Change, useAction } from './useAction.ts';

interface Props {
  title: string;
  text: string;
  verb: string;
  change: Change;
  done: string;
  isOpen: boolean;
  onClose(): void;
}

export function ConfirmDialog({ title, text, verb, change, done, isOpen, onClose }: Props) {
  const action = useAction({ done: () => done, onDone: onClose, isShown: true });
  return (
    <ActionDialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() => action.mutate(change)}
      verb={verb}
      color="red"
      isBusy={action.isPending}
      error={action.error}
      size="md"
    >
      <Text size="sm">{text}</Text>
    </ActionDialog>
  );
}
