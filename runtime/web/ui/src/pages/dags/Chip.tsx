/** A tag that filters when pressed. */
import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './dags.module.css';

interface Props {
  label?: string;
  onClick(): void;
  children: ReactNode;
}

export function Chip({ label, onClick, children }: Props) {
  return (
    <UnstyledButton className={classes.chip} aria-label={label} onClick={onClick}>
      {children}
    </UnstyledButton>
  );
}
