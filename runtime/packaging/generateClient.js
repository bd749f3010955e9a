// `npm run generate`: runtime/web/client/api.d.ts, the types of the API, from the OpenAPI document that its schemas make.
// Run it after a change of a route and commit the result; a conflict in that file is resolved by running it again.
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';
import { apiDocument } from '../web/api/document.ts';

export const CLIENT_TYPES = path.join(import.meta.dirname, '../web/client/api.d.ts');

const HEAD = `/* The types of the REST API. Made by \`npm run generate\` from its OpenAPI document; not written by hand. */\n`;

/** What the file must say now. */
export async function clientTypes() {
  const nodes = await openapiTS(await apiDocument(), { alphabetize: true });
  const config = await prettier.resolveConfig(CLIENT_TYPES);
  return prettier.format(HEAD + astToString(nodes), { ...config, parser: 'typescript' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await fs.writeFile(CLIENT_TYPES, await clientTypes());
}
