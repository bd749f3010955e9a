/** Buttons in the corner of a graph. */
import { ActionIcon, Group } from '@mantine/core';
import { IconArrowsMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import classes from './graph.module.css';

export function ZoomTools({ zoom, fit }: { zoom(factor: number): void; fit(): void }) {
  return (
    <Group gap={4} className={classes.tools}>
      <ActionIcon variant="default" aria-label="Zoom in" onClick={() => zoom(1.3)}>
        <IconPlus size={15} />
      </ActionIcon>
      <ActionIcon variant="default" aria-label="Zoom out" onClick={() => zoom(1 / 1.3)}>
        <IconMinus size={15} />
      </ActionIcon>
      <ActionIcon variant="default" aria-label="Show all" onClick={fit}>
        <IconArrowsMaximize size={15} />
      </ActionIcon>
    </Group>
  );
}
