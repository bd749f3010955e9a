/**
 * `/sign-in?to=PAGE&error=CODE`: by the identity provider, where there is one, or with name and password. Goes on with a
 * whole new page, so that nothing of who was here before stays in memory.
 */
import { Alert, Button, Divider, PasswordInput, Skeleton, Stack, TextInput } from '@mantine/core';
import { IconAlertCircle, IconLogin2 } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { EntryCard } from '../people/EntryCard.tsx';
import { ownAddress } from '../people/ownAddress.ts';
import { methodsQuery, signIn } from '../people/peopleApi.ts';
import { signInWords } from '../people/signInWords.ts';
import { Trouble } from '../people/Trouble.tsx';

export function SignIn() {
  const { origin, search } = window.location;
  const asked = new URLSearchParams(search);
  const to = ownAddress(asked.get('to'), origin);
  const code = asked.get('error');
  const methods = useQuery(methodsQuery);
  const login = useMutation({
    mutationFn: signIn,
    onSuccess: () => window.location.replace(to),
  });
  const failure = login.error ?? methods.error;
  const provider = methods.data?.provider;

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    login.mutate({ name: text('name').trim(), password: text('password') });
  }

  return (
    <EntryCard title="Sign in" note="Forgot the password? An administrator can give you a link.">
      {code !== null && !login.error && (
        <Alert color="red" icon={<IconAlertCircle size={18} aria-hidden />} role="alert">
          {signInWords(code)}
        </Alert>
      )}
      <Trouble error={failure} />
      {methods.isPending && <Skeleton h={36} />}
      {provider && (
        <>
          <Button
            component="a"
            href={`/api/v1/auth/oidc?to=${encodeURIComponent(to)}`}
            leftSection={<IconLogin2 size={18} aria-hidden />}
            fullWidth
          >
            Continue with {provider.name}
          </Button>
          <Divider label="or with a password" labelPosition="center" />
        </>
      )}
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            name="name"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            data-autofocus
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          <Button
            type="submit"
            mt="xs"
            fullWidth
            variant={provider ? 'default' : 'filled'}
            loading={login.isPending || login.isSuccess}
          >
            Sign in
          </Button>
        </Stack>
      </form>
    </EntryCard>
  );
}
