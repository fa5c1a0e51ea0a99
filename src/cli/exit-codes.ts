/** What the process answers; scripts decide by it, so no number ever changes its meaning. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  partly: 3,
  /** Not signed in, or not allowed. */
  permission: 4,
  notFound: 5,
  /** It was changed by somebody else, or its state does not allow it now. */
  conflict: 6,
  /** A limit or a safeguard holds it. */
  held: 7,
  /** Begun, and not finished when we stopped waiting. */
  pending: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
