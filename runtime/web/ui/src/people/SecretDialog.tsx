/** The end of a dialog that made a secret: it is shown this once. */
import { Button, Group, Modal, Stack } from '@mantine/core';
import { ShownOnce } from './ShownOnce.tsx';

interface Props {
  title: string;
  secret: string;
  /** What to do with it. */
  children: string;
  onClose(): void;
}

export function SecretDialog({ title, secret, children, onClose }: Props) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <ShownOnce secret={secret}>{children}</ShownOnce>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
