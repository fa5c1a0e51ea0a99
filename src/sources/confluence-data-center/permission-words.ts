/** A right in the words of REST, whichever API told it. */
export interface Operation {
  key: string;
  target: string;
}

/** Types of the older JSON-RPC and what REST calls them (FACTS §5; paired by meaning, no page of Atlassian's pairs them). */
const OLDER_TYPES: Record<string, Operation> = {
  VIEWSPACE: { key: "read", target: "space" },
  REMOVEOWNCONTENT: { key: "delete_own", target: "space" },
  EDITSPACE: { key: "create", target: "page" },
  REMOVEPAGE: { key: "delete", target: "page" },
  EDITBLOG: { key: "create", target: "blogpost" },
  REMOVEBLOG: { key: "delete", target: "blogpost" },
  COMMENT: { key: "create", target: "comment" },
  REMOVECOMMENT: { key: "delete", target: "comment" },
  CREATEATTACHMENT: { key: "create", target: "attachment" },
  REMOVEATTACHMENT: { key: "delete", target: "attachment" },
  SETPAGEPERMISSIONS: { key: "restrict", target: "space" },
  REMOVEMAIL: { key: "delete_mail", target: "space" },
  EXPORTSPACE: { key: "export", target: "space" },
  SETSPACEPERMISSIONS: { key: "administer", target: "space" },
};

/** A type that is not known here is kept as it is: it says that somebody holds something. */
export function operationOfType(type: string): Operation {
  return OLDER_TYPES[type.toUpperCase()] ?? { key: type, target: "space" };
}
