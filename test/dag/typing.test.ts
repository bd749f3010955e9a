/** The static types of authoring: what must compile, and what must not. */
import assert from 'node:assert/strict';
import path from 'node:path';
import ts from 'typescript';

/** Diagnostics of one source file under the options of the repository. */
function diagnose(file: string): string[] {
  const root = path.resolve(import.meta.dirname, '../..');
  const read = ts.readConfigFile(path.join(root, 'tsconfig.json'), (name) => ts.sys.readFile(name));
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, root);
  const program = ts.createProgram([file], options);
  const source = program.getSourceFile(file);
  assert.ok(source, file);
  return program
    .getSemanticDiagnostics(source)
    .concat(program.getSyntacticDiagnostics(source))
    .map((found) => {
      const { line } = source.getLineAndCharacterOfPosition(found.start ?? 0);
      return `${path.basename(file)}:${line + 1} ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`;
    });
}

describe('types of podline/dag', () => {
  it('accept what is right and refuse what is wrong (typingCases.ts)', () => {
    assert.deepEqual(diagnose(path.join(import.meta.dirname, 'typingCases.ts')), []);
  }).timeout(60_000);
});
