/**
 * Makes the table of settings of docs/processes.md from src/model/environment.ts. Write it anew with
 * `node --conditions=podline-source test/laws/environmentDocument.ts --write`.
 */
import { ENVIRONMENT, type Setting } from '../../src/model/environment.ts';
import { type MadePart, writeDocument } from './document.ts';

const script = 'test/laws/environmentDocument.ts';

export const environmentTable: MadePart = {
  document: 'docs/processes.md',
  source: 'src/model/environment.ts',
  script,
  make: () =>
    [
      '| variable | meaning | default |',
      '| --- | --- | --- |',
      ...Object.entries<Setting>(ENVIRONMENT).map(
        ([name, { says, otherwise = '' }]) => `| \`${name}\` | ${says} | ${otherwise} |`,
      ),
    ].join('\n'),
};

if (process.argv[1]?.endsWith(script) && process.argv.includes('--write')) {
  await writeDocument(environmentTable);
}
