/** Two fields for a new password, which say what is wrong with it before the server does. */
import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import {
  LEAST_CHARACTERS,
  MOST_CHARACTERS,
  passwordProblem,
} from '../../../../people/passwordRules.ts';

export function NewPassword({
  userName,
  onChange,
}: {
  userName: string;
  /** Null: it is not good yet, or not the same twice. */
  onChange: (password: string | null) => void;
}) {
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [left, setLeft] = useState(false);
  const problem = passwordProblem(first, userName);

  function change(password: string, again: string): void {
    setFirst(password);
    setSecond(again);
    onChange(passwordProblem(password, userName) === null && password === again ? password : null);
  }

  return (
    <>
      <PasswordInput
        label="New password"
        description={`At least ${LEAST_CHARACTERS} characters; four random words are good.`}
        autoComplete="new-password"
        maxLength={MOST_CHARACTERS}
        required
        withAsterisk={false}
        value={first}
        onChange={(event) => change(event.currentTarget.value, second)}
        onBlur={() => setLeft(true)}
        error={left && first !== '' && problem !== null ? `It ${problem}.` : undefined}
      />
      <PasswordInput
        label="The same again"
        autoComplete="new-password"
        maxLength={MOST_CHARACTERS}
        required
        withAsterisk={false}
        value={second}
        onChange={(event) => change(first, event.currentTarget.value)}
        error={second !== '' && !first.startsWith(second) ? 'It is not the same.' : undefined}
      />
    </>
  );
}
