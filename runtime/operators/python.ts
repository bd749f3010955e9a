/** python: a script run by python3. Modules beside the script's file can be imported. */
import path from 'node:path';
import type { OperatorContext, OperatorResult } from './operator.ts';
import { runScript } from './script.ts';

export function run(context: OperatorContext): Promise<OperatorResult> {
  return runScript(context, {
    program: 'python3',
    args: (file) => [file],
    fileName: 'script.py',
    env: (besideFile) => ({
      PYTHONUNBUFFERED: '1',
      PYTHONIOENCODING: 'utf-8',
      ...(besideFile !== undefined && {
        PYTHONPATH: [besideFile, context.env.PYTHONPATH].filter(Boolean).join(path.delimiter),
      }),
    }),
  });
}
