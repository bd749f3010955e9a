/** The pencil and the bin at the end of a row, for who may edit. */
import { ActionIcon, Group } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';

interface Props {
  /** Kind and name, such as `pool night`. */
  what: string;
  onEdit(): void;
  /** Left out where it cannot be deleted. */
  onDelete?: (() => void) | undefined;
}

export function EditActions({ what, onEdit, onDelete }: Props) {
  return (
    <Group gap={4} wrap="nowrap" justify="end">
      <ActionIcon variant="subtle" aria-label={`Change ${what}`} onClick={onEdit}>
        <IconPencil size={16} />
      </ActionIcon>
      {onDelete && (
        <ActionIcon variant="subtle" color="red" aria-label={`Delete ${what}`} onClick={onDelete}>
          <IconTrash size={16} />
        </ActionIcon>
      )}
    </Group>
  );
}
