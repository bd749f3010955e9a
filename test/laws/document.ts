/**
 * Parts of a document that are made from the sources stand between two marks:
 *   <!-- made from SOURCE by SCRIPT --> ... <!-- end -->
 * The scripts errorsDocument.ts and statesDocument.ts write them with --write; tests compare.
 */
import { writeFileSync } from 'node:fs';
import prettier from 'prettier';
import { ROOT, read } from './sources.ts';

export interface MadePart {
  document: string;
  source: string;
  script: string;
  make: () => string;
}

/** The document as it should be: the hand-written text with the made part put in fresh. */
export async function madeDocument(part: MadePart): Promise<string> {
  const text = read(part.document);
  const start = `<!-- made from ${part.source} by ${part.script} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf('<!-- end -->', from);
  if (from < 0 || to < 0) throw new Error(`${part.document} has no marks "${start}" and "end"`);
  const fresh = `${text.slice(0, from + start.length)}\n\n${part.make()}\n\n${text.slice(to)}`;
  const options = await prettier.resolveConfig(`${ROOT}${part.document}`);
  return prettier.format(fresh, { ...options, parser: 'markdown' });
}

export async function writeDocument(part: MadePart): Promise<void> {
  writeFileSync(`${ROOT}${part.document}`, await madeDocument(part));
}
