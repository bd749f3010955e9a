/**
 * Headers of an answer that browsers save as a file and never show as a page, whatever stands in it: `nosniff` and a policy
 * that allows nothing come with every answer of the API (web/auth/headers.ts). Used by downloads.
 */
import type { FastifyReply } from 'fastify';

/** `names` are ids that people chose: in the name of the file only plain characters of them are left. */
export function asFile(
  reply: FastifyReply,
  type: string,
  names: readonly (string | number)[],
  ending: string,
): FastifyReply {
  const file = `${names.join('-').replaceAll(/[^\w.-]+/g, '_')}.${ending}`;
  return reply
    .type(`${type}; charset=utf-8`)
    .header('content-disposition', `attachment; filename="${file}"`);
}
