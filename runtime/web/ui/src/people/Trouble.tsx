/** What a form was refused for, in the words of the API, with what helps. */
import { Alert, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { ApiError } from '../api/call.ts';

export function Trouble({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const { message, remedy } =
    error instanceof ApiError
      ? error
      : { message: 'The webserver does not answer.', remedy: 'Try again in a moment.' };
  return (
    <Alert color="red" variant="outline" role="alert" icon={<IconAlertCircle size={18} />}>
      <Text size="sm" fw={500}>
        {message}
      </Text>
      {remedy !== undefined && (
        <Text size="sm" mt={4}>
          {remedy}
        </Text>
      )}
    </Alert>
  );
}
