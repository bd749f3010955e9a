/** Debian's chromium for tests of pages. Where there is none, a suite is skipped, loudly. */
import { existsSync } from 'node:fs';
import type { Context } from 'mocha';
import { type Browser, chromium } from 'playwright-core';
import { builtPages } from './builtPages.ts';

const PLACES = [
  process.env.PODLINE_TEST_CHROMIUM ?? '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Call it first in `before`: the pages are as they are now, or the suite is skipped. */
export async function needBrowser(test: Context): Promise<void> {
  if (!chromiumPath()) {
    process.stderr.write('tests of the pages are skipped: no chromium here\n');
    test.skip();
  }
  await builtPages();
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    // The sandbox of chromium wants rights that containers do not give.
    args: ['--no-sandbox'],
  });
}

function chromiumPath(): string | undefined {
  return PLACES.find((file) => existsSync(file));
}
