/** Where the provider sends a browser back to. */
export function callbackUrl(publicUrl: string): string {
  return `${publicUrl}/sign-in/sso/callback`;
}

/** Where it sends one that it has signed out. */
export function signedOutUrl(publicUrl: string): string {
  return `${publicUrl}/sign-in`;
}
