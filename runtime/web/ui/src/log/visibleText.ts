/**
 * Text of strangers as it is: characters that nobody sees (zero width, direction, control) are written out, so that an id
 * or a log line cannot look like another one. Used wherever ids, XComs and logs are shown.
 */

/** Controls but tab, zero-width characters, marks and overrides of direction, the byte order mark, tag characters. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

export function visibleText(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}
