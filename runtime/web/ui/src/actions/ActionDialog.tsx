/** The frame of every dialog that changes something: title, fields, what was refused, cancel and go. Enter sends it. */
import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { problemWords } from './useAction.ts';

interface Props {
  title: string;
  isOpen: boolean;
  onClose(): void;
  onSubmit(): void;
  /** Words of the button that does it. */
  verb: string;
  color?: string;
  isBusy: boolean;
  isReady?: boolean;
  error: Error | null;
  size?: string;
  children: ReactNode;
}

export function ActionDialog(props: Props) {
  const { title, isOpen, onClose, onSubmit, verb, color, isBusy, isReady = true, error } = props;
  const isPhone = useMediaQuery('(max-width: 48em)');
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      size={props.size ?? 'lg'}
      fullScreen={isPhone}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !isBusy) onSubmit();
        }}
      >
        <Stack gap="md">
          {props.children}
          {error && (
            <Alert color="red" role="alert" title="It was refused">
              {problemWords(error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" color={color} loading={isBusy} disabled={!isReady}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
