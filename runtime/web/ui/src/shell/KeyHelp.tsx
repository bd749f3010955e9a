/** What the keyboard can do; `?` opens it. */
import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { PLACES } from './navigation.ts';

const KEYS: [string[], string][] = [
  [['Ctrl', 'K'], 'Search DAGs and pages'],
  [['?'], 'This list'],
  [['/'], 'Search on the page'],
  ...PLACES.map(({ key, label }): [string[], string] => [['g', key], label]),
  [['←', '→', '↑', '↓'], 'Move in the grid'],
  [['Enter'], 'Open what is marked'],
];

export function KeyHelp({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  return (
    <Modal opened={isOpen} onClose={close} title="Keyboard" centered size="sm">
      <Stack gap={8}>
        {KEYS.map(([keys, label]) => (
          <Group key={label} justify="space-between">
            <Text size="sm">{label}</Text>
            <Group gap={4}>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
