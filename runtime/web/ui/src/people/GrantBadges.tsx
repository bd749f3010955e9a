/** Roles as small labels: `editor`, `operator of DAG flights`, `viewer of tag finance`. */
import { Badge, Group, Text } from '@mantine/core';
import type { Grant } from './peopleApi.ts';

export function grantWords({ role, dag, tag }: Grant): string {
  if (dag !== undefined) return `${role} of DAG ${dag}`;
  return tag === undefined ? role : `${role} of tag ${tag}`;
}

export function GrantBadges({ grants, quiet }: { grants: readonly Grant[]; quiet?: string }) {
  if (grants.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {quiet ?? 'none'}
      </Text>
    );
  }
  return (
    <Group gap={4}>
      {grants.map((grant) => (
        <Badge
          key={grantWords(grant)}
          variant="default"
          tt="none"
          fw={500}
          radius="sm"
          title={grantWords(grant)}
        >
          {grantWords(grant)}
        </Badge>
      ))}
    </Group>
  );
}
