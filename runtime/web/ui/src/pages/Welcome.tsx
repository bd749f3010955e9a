/** `/welcome#SECRET`: a link that sets a password, of a user or of the first administrator, and signs in. */
import { Alert, Button, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { EntryCard } from '../people/EntryCard.tsx';
import { NewPassword } from '../people/NewPassword.tsx';
import { linkQuery, spendLink } from '../people/peopleApi.ts';
import { Trouble } from '../people/Trouble.tsx';

export function Welcome() {
  const [secret] = useState(() => window.location.hash.slice(1));
  const [name, setName] = useState('admin');
  const [password, setPassword] = useState<string | null>(null);
  const link = useQuery(linkQuery(secret));
  const use = useMutation({
    mutationFn: (good: string) =>
      spendLink({ secret, password: good, ...(isFirst && { name: name.trim() }) }),
    onSuccess: () => window.location.replace('/'),
  });
  const isFirst = link.data?.name === null;
  const userName = link.data?.name ?? name;

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (password !== null) use.mutate(password);
  }

  if (secret === '' || link.error) {
    return (
      <EntryCard title="This link is not good">
        {secret === '' ? <Alert color="red">The address is not complete.</Alert> : null}
        <Trouble error={link.error} />
        <Button component="a" href="/sign-in" variant="default" fullWidth>
          Go to the sign-in page
        </Button>
      </EntryCard>
    );
  }
  if (!link.data) {
    return (
      <EntryCard title="Welcome">
        <Skeleton h={120} />
      </EntryCard>
    );
  }
  return (
    <EntryCard title={isFirst ? 'Welcome to Podline' : `Welcome, ${userName}`}>
      <Text size="sm" c="dimmed">
        {isFirst
          ? 'Nobody can sign in yet. You become the first administrator.'
          : 'Choose a password. The link is good this once.'}
      </Text>
      <Trouble error={use.error} />
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            readOnly={!isFirst}
            value={userName}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NewPassword userName={userName} onChange={setPassword} />
          <Button
            type="submit"
            mt="xs"
            fullWidth
            disabled={password === null}
            loading={use.isPending || use.isSuccess}
          >
            Set the password and sign in
          </Button>
        </Stack>
      </form>
    </EntryCard>
  );
}
