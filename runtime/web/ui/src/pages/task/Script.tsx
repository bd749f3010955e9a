/** The script of a task, as it was written or as it ran. */
import { Text } from '@mantine/core';
import { visibleText } from '../../log/visibleText.ts';
import { CodeText } from '../../parts/code/CodeText.tsx';
import { languageOfOperator } from '../../parts/code/languages.ts';
import type { Apart } from './scriptApart.ts';

export function Script(props: { script: Apart['script']; operator: string | null }) {
  const { script, operator } = props;
  if (!script) return null;
  const name = script.file ?? 'script';
  return (
    <div>
      <Text ff="monospace" size="sm" fw={600} mb={4}>
        {visibleText(name)}
      </Text>
      <CodeText name={name} text={script.text} language={languageOfOperator(operator)} />
    </div>
  );
}
