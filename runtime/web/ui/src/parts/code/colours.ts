/** Colours of code, line by line. Loaded by useColours.ts when the first code is looked at: grammars are large. */
import shellscript from '@shikijs/langs/shellscript';
import json from '@shikijs/langs/json';
import python from '@shikijs/langs/python';
import r from '@shikijs/langs/r';
import sql from '@shikijs/langs/sql';
import typescript from '@shikijs/langs/typescript';
import yaml from '@shikijs/langs/yaml';
import { createCssVariablesTheme, createHighlighterCoreSync } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import type { Language } from './languages.ts';

export interface Piece {
  text: string;
  /** A variable of theme.ts: light and dark differ. */
  colour: string | undefined;
}

const theme = createCssVariablesTheme({ name: 'podline', variablePrefix: '--podline-code-' });
const highlighter = createHighlighterCoreSync({
  themes: [theme],
  langs: [shellscript, json, python, r, sql, typescript, yaml],
  // The other one is WebAssembly, which the policy of the pages does not allow.
  engine: createJavaScriptRegexEngine({ forgiving: true }),
});
/** Beyond this a line is left as it is, such as those of a bundle. */
const LONGEST_LINE = 2_000;

export function coloursOf(text: string, language: Language): Piece[][] {
  const lines = highlighter.codeToTokensBase(text, {
    lang: language,
    theme: 'podline',
    tokenizeMaxLineLength: LONGEST_LINE,
  });
  return lines.map((line) => line.map(({ content, color }) => ({ text: content, colour: color })));
}
