/**
 * Makes the list of docs/errors.md from src/errors.ts. Write it anew with
 * `node --conditions=podline-source test/laws/errorsDocument.ts --write`.
 */
import { ERRORS } from '../../src/errors.ts';
import type { ErrorEntry } from '../../src/errors.ts';
import { EXIT_MEANINGS } from '../../runtime/cli/exit.ts';
import { writeDocument } from './document.ts';
import type { MadePart } from './document.ts';

const script = 'test/laws/errorsDocument.ts';

export const errorList: MadePart = {
  document: 'docs/errors.md',
  source: 'src/errors.ts',
  script,
  make() {
    const areas = new Map<string, string[]>();
    for (const [code, entry] of Object.entries<ErrorEntry>(ERRORS)) {
      const area = code.split('.')[0] ?? code;
      areas.set(area, [...(areas.get(area) ?? []), oneError(code, entry)]);
    }
    return [...areas].map(([area, errors]) => `## ${area}\n\n${errors.join('\n\n')}`).join('\n\n');
  },
};

export const exitCodes: MadePart = {
  document: 'docs/errors.md',
  source: 'runtime/cli/exit.ts',
  script,
  make: () =>
    [
      '| exit code | meaning |',
      '| --- | --- |',
      ...EXIT_MEANINGS.map(([code, meaning]) => `| ${code} | ${meaning} |`),
    ].join('\n'),
};

/** Braces are placeholders; as code they are left alone by the renderer. */
function oneError(code: string, { message, remedy, exit, retryable }: ErrorEntry): string {
  const again = retryable ? ' The same call may succeed later.' : '';
  return [
    `### \`${code}\``,
    ...paragraphs(words(message)),
    ...paragraphs(words(remedy)),
    `Exit code ${exit}.${again}`,
  ].join('\n\n');
}

function paragraphs(text: string): string[] {
  return text === '' ? [] : [text];
}

/** Text of a message as Markdown: placeholders as code, and nothing that would be read as HTML. */
export function words(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith('`')
        ? part
        : part.replace(/([*_<>[\]\\])/g, '\\$1').replace(/\{([\w\\]+)\}/g, (_, name: string) => {
            return `\`{${name.replaceAll('\\', '')}}\``;
          }),
    )
    .join('');
}

if (process.argv[1]?.endsWith(script) && process.argv.includes('--write')) {
  await writeDocument(exitCodes);
  await writeDocument(errorList);
}
