/** What somebody pasted, told by its form alone. */
export type Pasted =
  | { kind: "id"; prefix: string; id: string }
  | { kind: "email"; email: string }
  | { kind: "page"; origin: string; host: string; path: string; spaceKey: string | null; accountId: string | null }
  | { kind: "words" };

const ID = /^([a-z]+)_[0-9a-z]{12}$/;
const EMAIL = /^[^\s@<>]{1,200}@[^\s@<>]{1,200}\.[^\s@<>]{1,100}$/;

/**
 * Cloud: `/wiki/spaces/KEY/…`; Data Center: `/display/KEY/…`, `/spaces/KEY/…`, `/spaces/viewspace.action?key=KEY`.
 * A personal space's key begins with `~`.
 */
const SPACE_PATH = /\/(?:spaces|display)\/(~?[A-Za-z0-9._%-]+)(?:\/|$)/;
/** Cloud: `/wiki/people/ACCOUNT` and `/people/ACCOUNT`. */
const PEOPLE_PATH = /\/people\/([A-Za-z0-9:._%-]+)(?:\/|$)/;

export function readPasted(text: string): Pasted {
  const trimmed = text.trim();
  const id = ID.exec(trimmed);
  if (id) return { kind: "id", prefix: id[1] ?? "", id: trimmed };
  if (EMAIL.test(trimmed)) return { kind: "email", email: trimmed.toLowerCase() };
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) return { kind: "words" };
  const { origin, host, pathname, searchParams } = new URL(trimmed);
  const inPath = SPACE_PATH.exec(pathname)?.[1] ?? null;
  const isAction = inPath !== null && inPath.endsWith(".action");
  const spaceKey = isAction || inPath === null ? searchParams.get("key") : decoded(inPath);
  const account = PEOPLE_PATH.exec(pathname)?.[1];
  return {
    kind: "page",
    origin,
    host,
    path: pathname,
    spaceKey: spaceKey === null || spaceKey.includes("\u0000") ? null : spaceKey,
    accountId: account === undefined ? null : decoded(account),
  };
}

function decoded(part: string): string | null {
  try {
    const text = decodeURIComponent(part);
    return text.includes("\u0000") ? null : text;
  } catch {
    // A percent sign that is no escape: it stands for itself, and no key has one.
    return null;
  }
}
