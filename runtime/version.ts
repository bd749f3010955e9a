/** The version of this package, for worker rows and `podline --version`. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const VERSION: string = (require('podline/package.json') as { version: string }).version;
