/** One file or task that differs: its name, how, and the lines once it is open. Without lines it is only named. */
import { Badge, Title, UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { visibleText } from '../../../log/visibleText.ts';

interface Props {
  title: string;
  kind: string;
  isOpen: boolean;
  children: ReactNode;
}

export function DifferencePart({ title, kind, isOpen: wasOpen, children }: Props) {
  const [isOpen, setOpen] = useState(wasOpen);
  const name = (
    <>
      {visibleText(title)}{' '}
      <Badge variant="default" size="sm" tt="none">
        {kind}
      </Badge>
    </>
  );
  return (
    <section>
      <Title order={3} fz="sm" ff="monospace" mb={6}>
        {children === null ? (
          name
        ) : (
          <UnstyledButton
            fz="sm"
            ff="monospace"
            fw={600}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <span aria-hidden>{isOpen ? '▾ ' : '▸ '}</span>
            {name}
          </UnstyledButton>
        )}
      </Title>
      {isOpen && children}
    </section>
  );
}
