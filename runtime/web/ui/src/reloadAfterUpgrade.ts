/**
 * Pages that were open while the webserver became another version: the parts that they have not loaded yet are gone. They load
 * themselves anew, once; what cannot be loaded then is told. Called by main.tsx.
 */
const KEY = 'podline.reloaded';
/** Sooner it is not the upgrade. */
const ONCE_IN_MS = 30_000;

export function reloadAfterUpgrade(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last < ONCE_IN_MS) return;
    sessionStorage.setItem(KEY, String(Date.now()));
    event.preventDefault();
    window.location.reload();
  });
}
