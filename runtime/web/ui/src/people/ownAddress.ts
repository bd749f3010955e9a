/** A page of ours to go on to, from what an address says; anything that leads elsewhere becomes the home page. */
export function ownAddress(to: string | null | undefined, origin: string): string {
  if (!to?.startsWith('/') || !URL.canParse(to, origin)) return '/';
  const url = new URL(to, origin);
  if (url.origin !== origin || url.pathname.startsWith('//')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
