/** Pages for who is nobody yet: no side bar, nothing that asks for a session. */
export function isEntryPage(pathname: string): boolean {
  return pathname === '/sign-in' || pathname === '/welcome';
}

/** To the sign-in page, and back here afterwards. */
export function goToSignIn(): void {
  const { pathname, search, hash } = window.location;
  if (isEntryPage(pathname)) return;
  window.location.assign(`/sign-in?to=${encodeURIComponent(`${pathname}${search}${hash}`)}`);
}
