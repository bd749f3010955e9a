/** A button that asks before it changes something, and says what went wrong in the same place. */
import { Button, type ButtonProps, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorPanel } from './feedback.tsx';

interface Props extends ButtonProps {
  label: string;
  title: string;
  /** What will happen, in words. */
  children: ReactNode;
  confirm?: string;
  isDangerous?: boolean;
  action(): Promise<unknown>;
}

export function ConfirmAction({
  label,
  title,
  children,
  confirm = label,
  isDangerous = false,
  action,
  ...rest
}: Props) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const { mutate, isPending, error } = useMutation({ mutationFn: action, onSuccess: close });
  return (
    <>
      <Button variant="default" size="xs" {...rest} onClick={open}>
        {label}
      </Button>
      <Modal opened={isOpen} onClose={close} title={title} centered>
        <Stack>
          <Text size="sm" component="div">
            {children}
          </Text>
          {error && <ErrorPanel error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Back
            </Button>
            <Button
              color={isDangerous ? 'red.8' : undefined}
              loading={isPending}
              onClick={() => mutate()}
              data-autofocus
            >
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
