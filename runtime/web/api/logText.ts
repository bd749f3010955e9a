/** Cuts bytes of a log where a character or a line ends. Pure; used by logs.ts. */

const NEWLINE = 0x0a;

/** Bytes at the beginning that belong to a character before. */
export function strayBytes(bytes: Uint8Array): number {
  let count = 0;
  while (count < 3 && count < bytes.length && ((bytes[count] ?? 0) & 0xc0) === 0x80) count++;
  return count;
}

/** Bytes up to the end of the last whole character; all of them where it is no UTF-8. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Bytes up to the end of the last whole line; up to the last character where no line ends. */
export function wholeLines(bytes: Uint8Array): number {
  const end = bytes.lastIndexOf(NEWLINE);
  return end >= 0 ? end + 1 : wholeCharacters(bytes);
}
