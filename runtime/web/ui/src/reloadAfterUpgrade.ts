/**
 * Pages that were open while the webserver became another version: the parts that they have not loaded yet are gone. They load
 * themselves anew, once, when the webserver is there; what cannot be loaded then is told. Called by main.tsx.
 */
const KEY = 'podline.reloaded';
/** Sooner it is not the upgrade. */
const ONCE_IN_MS = 30_000;

export function reloadAfterUpgrade(): void {
  window.addEventListener('vite:preloadError', () => void reload());
}

async function reload(): Promise<void> {
  const last = Number(sessionStorage.getItem(KEY) ?? 0);
  if (Date.now() - last < ONCE_IN_MS) return;
  // A webserver that is away comes back under the page, and nothing is lost.
  const answer = await fetch('/').catch(() => undefined);
  if (!answer?.ok) return;
  sessionStorage.setItem(KEY, String(Date.now()));
  window.location.reload();
}
