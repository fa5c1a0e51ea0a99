import type { FastifyReply, FastifyRequest } from "fastify";

/** The session's cookie, as far as a handler has to do with it. */
export interface SessionCookie {
  put(secret: string, endsAt: Date): void;
  clear(): void;
}

/**
 * Only over https can a browser be told to send a cookie nowhere else (`Secure`), and to take it from this host alone
 * (`__Host-`, RFC 6265bis §4.1.3.2).
 */
export function cookieName(name: string, publicUrl: string): string {
  return isSecure(publicUrl) ? `__Host-${name}` : name;
}

/** For no script, and sent along by links from other sites, but not by their forms (`Lax`). */
export function cookieOptions(publicUrl: string) {
  return { httpOnly: true, secure: isSecure(publicUrl), sameSite: "lax", path: "/" } as const;
}

const SESSION = "usher-session";

export function readSessionCookie(request: FastifyRequest, publicUrl: string): string | null {
  const value = request.cookies[cookieName(SESSION, publicUrl)];
  return value !== undefined && /^[\w-]{40,50}$/.test(value) ? value : null;
}

export function sessionCookieOf(reply: FastifyReply, publicUrl: string): SessionCookie {
  const name = cookieName(SESSION, publicUrl);
  const options = cookieOptions(publicUrl);
  return {
    put: (secret, endsAt) => void reply.setCookie(name, secret, { ...options, expires: endsAt }),
    clear: () => void reply.clearCookie(name, options),
  };
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith("https:");
}
