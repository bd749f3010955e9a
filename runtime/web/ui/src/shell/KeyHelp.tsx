/** What the keyboard can do; `?` opens it. */
import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { usePlaces } from './navigation.ts';

const FIRST: [string[], string][] = [
  [['Ctrl', 'K'], 'Search DAGs and pages'],
  [['?'], 'This list'],
  [['/'], 'Search on the page'],
];
const LAST: [string[], string][] = [
  [['←', '→', '↑', '↓'], 'Move in the grid'],
  [['Enter'], 'Open what is marked'],
];

export function KeyHelp({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const places = usePlaces();
  const keys: [string[], string][] = [
    ...FIRST,
    ...places.map(({ key, label }): [string[], string] => [['g', key], label]),
    ...LAST,
  ];
  return (
    <Modal opened={isOpen} onClose={close} title="Keyboard" centered size="sm">
      <Stack gap={8}>
        {keys.map(([pressed, label]) => (
          <Group key={label} justify="space-between">
            <Text size="sm">{label}</Text>
            <Group gap={4}>
              {pressed.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
