/** Which groups of a graph are open, as the address says it; small graphs begin with all of them. And the buttons for all. */
import { Button, Center, Loader } from '@mantine/core';
import { useMemo } from 'react';
import type { Graph } from '../../../api/types.ts';
import type { PlacedNode } from './placed.ts';

/** Of so many tasks all groups begin open. */
const FEW_TASKS = 100;

/** `said`: names with commas; undefined: nobody chose. */
export function useOpenGroups({ nodes, groups }: Graph, said: string | undefined): Set<string> {
  const isSmall = nodes.length <= FEW_TASKS;
  return useMemo(
    () => new Set(said?.split(',') ?? (isSmall ? groups.map(({ id }) => id) : [])),
    [said, isSmall, groups],
  );
}

/** For the address: none is not the same as nobody chose. */
export function saidGroups(names: Iterable<string>): string {
  return [...names].join(',') || ',';
}

/** What is open after a press on a group. */
export function pressedGroup(opened: ReadonlySet<string>, { id, isOpen }: PlacedNode): string {
  const name = id.slice('group '.length);
  return saidGroups(isOpen ? [...opened].filter((other) => other !== name) : [...opened, name]);
}

export function GroupButtons({
  groups,
  onChoose,
}: Pick<Graph, 'groups'> & { onChoose(said: string): void }) {
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => onChoose(saidGroups(groups.map(({ id }) => id)))}
      >
        Open all groups
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => onChoose(saidGroups([]))}>
        Close all
      </Button>
    </>
  );
}

export function LayingOut() {
  return (
    <Center h={320} role="status" aria-label="Laying out">
      <Loader size="sm" />
    </Center>
  );
}
