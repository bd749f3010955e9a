/** Roles and where they count, one a line: for users and for scopes of tokens. */
import { ActionIcon, Button, Fieldset, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { ROLES, type Role } from '../../../../../src/model/access.ts';
import type { Grant } from './peopleApi.ts';

const ROLE_CHOICES = Object.keys(ROLES).map((role) => ({
  value: role,
  label: role === 'deployer' ? 'deployer (nothing else)' : role,
}));
const PLACES = [
  { value: 'all', label: 'all DAGs' },
  { value: 'dag', label: 'one DAG' },
  { value: 'tag', label: 'DAGs with tag' },
];

export function GrantsInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: readonly Grant[];
  onChange: (grants: Grant[]) => void;
}) {
  const put = (index: number, grant: Grant) =>
    onChange(value.map((each, at) => (at === index ? grant : each)));
  return (
    <Fieldset
      legend={label}
      variant="unstyled"
      styles={{ legend: { fontSize: 'var(--mantine-font-size-sm)', fontWeight: 500 } }}
    >
      <Stack gap="xs">
        {value.map((grant, index) => (
          <GrantRow
            key={index}
            grant={grant}
            onChange={(changed) => put(index, changed)}
            onRemove={() => onChange(value.filter((_, at) => at !== index))}
          />
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...value, { role: 'viewer' }])}
          style={{ alignSelf: 'flex-start' }}
        >
          Add a role
        </Button>
      </Stack>
    </Fieldset>
  );
}

function GrantRow({
  grant,
  onChange,
  onRemove,
}: {
  grant: Grant;
  onChange: (grant: Grant) => void;
  onRemove: () => void;
}) {
  const place = grant.dag !== undefined ? 'dag' : grant.tag !== undefined ? 'tag' : 'all';
  const at = (where: string, id: string): Grant =>
    where === 'all' ? { role: grant.role } : { role: grant.role, [where]: id };
  return (
    <Group gap="xs" wrap="nowrap">
      <NativeSelect
        aria-label="Role"
        data={ROLE_CHOICES}
        value={grant.role}
        onChange={(event) => onChange({ ...grant, role: event.currentTarget.value as Role })}
      />
      <NativeSelect
        aria-label="Where it counts"
        data={PLACES}
        value={place}
        onChange={(event) => onChange(at(event.currentTarget.value, ''))}
      />
      {place !== 'all' && (
        <TextInput
          aria-label={place === 'dag' ? 'Id of the DAG' : 'Tag'}
          placeholder={place === 'dag' ? 'id' : 'tag'}
          value={grant.dag ?? grant.tag ?? ''}
          onChange={(event) => onChange(at(place, event.currentTarget.value))}
          style={{ flex: 1, minWidth: 80 }}
        />
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label="Take this role away"
        onClick={onRemove}
        ml="auto"
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

/** No place is left empty. */
export function areComplete(grants: readonly Grant[]): boolean {
  return grants.every(({ dag, tag }) => dag !== '' && tag !== '');
}
