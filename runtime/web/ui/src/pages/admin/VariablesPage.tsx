/** Variables: values are shown only to who may edit; everybody else sees that they exist. */
import { Button, JsonInput, Table, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionDialog } from '../../actions/ActionDialog.tsx';
import { ConfirmDialog } from '../../actions/ConfirmDialog.tsx';
import { useAction } from '../../actions/useAction.ts';
import { useRights } from '../../actions/useRights.ts';
import { at } from '../../api/call.ts';
import type { VariableSummary } from '../../api/runTypes.ts';
import { JsonTree } from '../../json/JsonTree.tsx';
import { visibleText } from '../../log/visibleText.ts';
import type { Json } from '../../params/fields.ts';
import { RelativeTime } from '../../parts/times.tsx';
import { AdminPage } from './AdminPage.tsx';
import { EditActions } from './EditActions.tsx';
import { variablesQuery } from '../../api/adminQueries.ts';

export function VariablesPage() {
  const variables = useInfiniteQuery(variablesQuery);
  const may = useRights();
  const [edited, setEdited] = useState<VariableSummary | 'new' | null>(null);
  const [deleted, setDeleted] = useState<string | null>(null);
  const items = variables.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <AdminPage
        title="Variables"
        about="Values that tasks read by name. They are no place for secrets: use connections."
        query={variables}
        more={variables}
        empty={items.length === 0 ? 'There are no variables yet.' : null}
        actions={
          may('edit') && (
            <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEdited('new')}>
              New variable
            </Button>
          )
        }
      >
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Key</Table.Th>
                <Table.Th>Value</Table.Th>
                <Table.Th>Description</Table.Th>
                <Table.Th w={130}>Changed</Table.Th>
                <Table.Th w={90} aria-label="Actions" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((variable) => (
                <Table.Tr key={variable.key}>
                  <Table.Td ff="monospace" fz="sm">
                    {visibleText(variable.key)}
                  </Table.Td>
                  <Table.Td>
                    {variable.value === undefined ? (
                      <Text size="sm" c="dimmed">
                        hidden
                      </Text>
                    ) : (
                      <JsonTree value={variable.value as Json} depth={0} />
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" c="dimmed">
                      {variable.description ?? ''}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <RelativeTime time={variable.updatedAt} />
                  </Table.Td>
                  <Table.Td>
                    {may('edit') && (
                      <EditActions
                        what={`variable ${variable.key}`}
                        onEdit={() => setEdited(variable)}
                        onDelete={() => setDeleted(variable.key)}
                      />
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </AdminPage>
      {edited !== null && (
        <VariableDialog
          variable={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
      {deleted !== null && (
        <ConfirmDialog
          title={`Delete variable ${deleted}`}
          text="Tasks that read it will fail until it is there again."
          verb="Delete"
          change={{ path: at`/variables/${deleted}`, method: 'DELETE' }}
          done={`Variable ${deleted} is gone.`}
          isOpen
          onClose={() => setDeleted(null)}
        />
      )}
    </>
  );
}

interface DialogProps {
  variable: VariableSummary | null;
  onClose(): void;
}

function VariableDialog({ variable, onClose }: DialogProps) {
  const [key, setKey] = useState(variable?.key ?? '');
  const [text, setText] = useState(variable ? JSON.stringify(variable.value, null, 2) : '');
  const [description, setDescription] = useState(variable?.description ?? '');
  const save = useAction({
    done: () => `Variable ${key} is saved.`,
    onDone: onClose,
    isShown: true,
  });
  return (
    <ActionDialog
      title={variable ? `Variable ${variable.key}` : 'New variable'}
      isOpen
      onClose={onClose}
      onSubmit={() =>
        save.mutate({
          path: at`/variables/${key}`,
          method: 'PUT',
          body: { value: valueOf(text), description: description === '' ? null : description },
        })
      }
      verb="Save"
      isBusy={save.isPending}
      isReady={key !== '' && text !== ''}
      error={save.error}
    >
      <TextInput
        label="Key"
        value={key}
        disabled={variable !== null}
        onChange={({ currentTarget }) => setKey(currentTarget.value)}
      />
      <JsonInput
        label="Value"
        description="JSON; what is no JSON is taken as text."
        value={text}
        onChange={setText}
        autosize
        minRows={3}
        maxRows={16}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <TextInput
        label="Description"
        value={description}
        onChange={({ currentTarget }) => setDescription(currentTarget.value)}
      />
    </ActionDialog>
  );
}

function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
