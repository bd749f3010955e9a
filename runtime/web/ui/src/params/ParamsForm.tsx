/** The fields of a DAG's params, made from its schema (fields.ts). Part of the dialogs that start runs. */
import {
  JsonInput,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { visibleText } from '../log/visibleText.ts';
import { choiceKey, type Draft, type Field } from './fields.ts';

interface Props {
  fields: readonly Field[];
  draft: Draft;
  errors: { readonly [name: string]: string };
  onDraft(draft: Draft): void;
}

export function ParamsForm({ fields, draft, errors, onDraft }: Props) {
  if (fields.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        This DAG has no params.
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      {fields.map((field) => (
        <ParamInput
          key={field.name}
          field={field}
          value={draft[field.name]}
          error={errors[field.name]}
          onValue={(value) => onDraft({ ...draft, [field.name]: value })}
        />
      ))}
    </Stack>
  );
}

interface InputProps {
  field: Field;
  value: string | boolean | undefined;
  error: string | undefined;
  onValue(value: string | boolean | undefined): void;
}

function ParamInput({ field, value, error, onValue }: InputProps) {
  const common = {
    label: visibleText(field.label),
    description: field.description === null ? undefined : visibleText(field.description),
    error,
    withAsterisk: field.isRequired,
    name: field.name,
  };
  const text = typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'boolean':
      return (
        <Switch
          label={common.label}
          description={common.description}
          error={error}
          name={field.name}
          checked={value === true}
          onChange={({ currentTarget }) => onValue(currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          data={field.choices.map((choice) => ({
            value: choiceKey(choice),
            label: visibleText(typeof choice === 'string' ? choice : JSON.stringify(choice)),
          }))}
          value={text === '' ? null : text}
          clearable={!field.isRequired}
          onChange={(chosen) => onValue(chosen ?? undefined)}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          value={text}
          allowDecimal={!field.isInteger}
          onChange={(number) => onValue(String(number))}
        />
      );
    case 'json':
      return (
        <JsonInput
          {...common}
          value={text}
          onChange={onValue}
          autosize
          minRows={3}
          maxRows={14}
          formatOnBlur
          validationError={undefined}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
      );
    case 'longText':
      return (
        <Textarea
          {...common}
          autosize
          minRows={3}
          maxRows={14}
          value={text}
          onChange={({ currentTarget }) => onValue(currentTarget.value)}
        />
      );
    case 'date':
      return (
        <TextInput
          {...common}
          type="date"
          value={text}
          onChange={({ currentTarget }) => onValue(currentTarget.value)}
        />
      );
    case 'dateTime':
      return (
        <TextInput
          {...common}
          placeholder="2026-01-31T06:00:00Z"
          value={text}
          onChange={({ currentTarget }) => onValue(currentTarget.value)}
        />
      );
    case 'text':
      return (
        <TextInput
          {...common}
          value={text}
          onChange={({ currentTarget }) => onValue(currentTarget.value)}
        />
      );
  }
}
