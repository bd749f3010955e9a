/**
 * A change that a person asks for: sent once, its effect shown without a reload, what the API refused told where it was
 * asked. Used by every dialog and button that changes something.
 */
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, send } from '../api/call.ts';

export interface Change {
  path: string;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** The same key again changes nothing. */
  idempotencyKey?: string;
}

interface Options<T> {
  done(answer: T): string;
  onDone?(answer: T): void;
  /** The caller shows what was refused; else it is a notification. */
  isShown?: boolean;
}

export function useAction<T = unknown>({ done, onDone, isShown = false }: Options<T>) {
  const queries = useQueryClient();
  return useMutation<T, Error, Change>({
    mutationFn: ({ method, path, body, idempotencyKey }) =>
      send<T>(method, path, body, idempotencyKey),
    async onSuccess(answer) {
      notifications.show({ message: done(answer), color: 'teal' });
      onDone?.(answer);
      await queries.invalidateQueries();
    },
    onError(error) {
      if (isShown) return;
      notifications.show({
        title: 'That did not work',
        message: problemWords(error),
        color: 'red',
      });
    },
  });
}

export function problemWords(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  const parts = error.parts.map(({ path, message }) => `${path}: ${message}`);
  return [error.message, ...parts, error.remedy].filter((part) => part !== undefined).join(' ');
}
