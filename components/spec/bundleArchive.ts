/**
 * The files of a build as one archive, cut into pieces that a ConfigMap takes. Pure. The pieces are named by the
 * content that counts, so that the same DAGs make the same names on every machine: what gzip makes of the same
 * bytes differs between versions of Node, and source maps and sources differ after every comment that changed.
 */
import { gzipSync } from 'node:zlib';
import { Header, Pax } from 'tar';
import { sha256 } from '../../src/plan/canonical.ts';

/** Contents by path relative to the build. */
export type BuildFiles = ReadonlyMap<string, Uint8Array>;

export interface BundleArchive {
  /** Follows from the content and the number of pieces, as 10 hexadecimal characters. */
  address: string;
  /** In order; together a tar.gz. */
  pieces: Buffer[];
  /** Of all pieces. */
  bytes: number;
}

/** A ConfigMap holds 1 MiB, and base64 makes a third more of what it holds. */
const PIECE_BYTES = 700 * 1024;
/** For people alone: source maps, and what they wrote. */
const FOR_PEOPLE = /\/code\.mjs\.map$|^sources\.json$/;
const BLOCK = 512;

export function bundleArchive(files: BuildFiles, pieceBytes = PIECE_BYTES): BundleArchive {
  const packed = gzipSync(tarOf(files), { level: 9 });
  const pieces: Buffer[] = [];
  for (let at = 0; at < packed.length; at += pieceBytes) {
    pieces.push(packed.subarray(at, at + pieceBytes));
  }
  return { address: addressOf(files, pieces.length), pieces, bytes: packed.length };
}

/** Name of a piece: what `podline dags register` looks for. */
export function pieceName(index: number): string {
  return `bundle.${String(index).padStart(3, '0')}`;
}

function addressOf(files: BuildFiles, pieces: number): string {
  const counted = sorted(files).filter(([name]) => !FOR_PEOPLE.test(name));
  return sha256('podline.archive', String(pieces), ...counted.flat()).slice(0, 10);
}

/** Nothing of the machine is in it: no time, no owner, no mode. */
export function tarOf(files: BuildFiles): Buffer {
  const blocks: Uint8Array[] = [];
  for (const [path, content] of sorted(files)) {
    const facts = { path, size: content.byteLength, mode: 0o644, type: 'File' as const };
    const header = new Header({ ...facts, mtime: new Date(0) });
    // A path that is too long for the header goes into one of its own before it.
    if (header.encode()) blocks.push(new Pax({ path, size: content.byteLength }).encode());
    if (header.block === undefined) throw new Error(`no header for ${path}`);
    blocks.push(header.block, content, Buffer.alloc(-content.byteLength & (BLOCK - 1)));
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(blocks);
}

function sorted(files: BuildFiles): [string, Uint8Array][] {
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1));
}
