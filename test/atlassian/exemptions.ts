import type { Exemption } from "./strict-schema.ts";

const EXPAND = "sent only when `expand` asks for it (document: parameter expand)";
const LAST_PAGE = "absent on the last page, FACTS §3, §4, §6";
const CLIENT = "model of confluence.js 3.2, whose schemas are audited against live sites";

const PERSON = "known users, FACTS §10; the document names what all kinds of person have";
const LAST_PAGE_DC = "absent on the last page; no listing shown here goes back (FACTS §10)";

/** The document writes the same page out at each listing of Data Center. */
const DATA_CENTER_PAGES = [
  "/rest/api/user/list",
  "/rest/api/admin/users/list/active",
  "/rest/api/group",
  "/rest/api/group/{groupName}/member",
  "/rest/api/group/{groupName}/groupmember",
  "/rest/api/group/{groupName}/groupparent",
  "/rest/api/group/{groupName}/groupancestor",
  "/rest/api/space",
].flatMap((template): Exemption[] => [
  { at: `GET ${template}`, optional: ["totalCount"], source: "not in live answers, FACTS §10" },
  { at: `GET ${template}._links`, optional: ["next", "prev"], source: LAST_PAGE_DC },
]);

/** What live answers do otherwise than the documents, made strict, would have it. A test refuses one that nothing needs. */
export const EXEMPTIONS: Record<"v1" | "v2" | "organizations" | "scim" | "dataCenter", readonly Exemption[]> = {
  v1: [
    { at: "User", optional: ["username", "userKey"], source: "gone from Cloud, FACTS §3 (removed parameters)" },
    { at: "User", optional: ["details", "personalSpace", "operations"], source: EXPAND },
    { at: "User", extra: ["accountStatus"], source: "undocumented, measured with confluence.js 3.0.1, FACTS §3" },
    { at: "UserExpandable", optional: ["details", "operations"], source: "names only what was not expanded" },
    { at: "UserAnonymousExpandable", optional: ["operations"], source: "names only what was not expanded" },
    {
      at: "BulkUserLookup",
      optional: ["username", "userKey"],
      source: "gone from Cloud, FACTS §3 (removed parameters)",
    },
    { at: "BulkUserLookup", optional: ["details", "personalSpace"], source: EXPAND },
    { at: "BulkUserLookupExpandable", optional: ["details", "operations"], source: "names only what was not expanded" },
    {
      at: "GroupArrayWithLinks",
      optional: ["totalSize"],
      source: "sent with shouldReturnTotalSize (document: group/picker)",
    },
    {
      at: "Group",
      extra: ["usageType", "managedBy", "resourceAri"],
      source: "FACTS §3, Groups: from live sites, the document's page shows two of them",
    },
    {
      at: "SearchPageResponseSearchResult",
      optional: ["archivedResultCount"],
      source: "no archived results among users",
    },
    { at: "SearchResult", optional: ["content", "user", "space"], source: "the one that entityType says, FACTS §3" },
    {
      at: "SearchResult",
      optional: ["resultParentContainer", "resultGlobalContainer"],
      source: "a page hangs in a space only, a person nowhere",
    },
    { at: "AuditRecordAuthor", optional: ["accountId"], source: "System has none, FACTS §3 (record measured EL)" },
    { at: "AuditRecordAuthor", optional: ["isGuest"], source: "not in the record of FACTS §3 (measured EL)" },
    {
      at: "Content",
      optional: [
        "ancestors",
        "operations",
        "children",
        "childTypes",
        "descendants",
        "container",
        "body",
        "restrictions",
        "metadata",
      ],
      source: EXPAND,
    },
    { at: "Content", optional: ["base64EncodedAri"], source: CLIENT },
    {
      at: "ContentExpandable",
      optional: [
        "container",
        "history",
        "version",
        "space",
        "extensions",
        "schedulePublishDate",
        "schedulePublishInfo",
        "macroRenderedOutput",
      ],
      source: "names only what was not expanded",
    },
    {
      at: "ContentHistory",
      optional: ["lastUpdated", "previousVersion", "contributors", "nextVersion", "lastOwnedBy"],
      source: EXPAND,
    },
    {
      at: "ContentHistoryExpandable",
      optional: ["lastUpdated", "contributors", "ownedBy"],
      source: "names only what was not expanded",
    },
    { at: "Version", optional: ["content", "collaborators"], source: EXPAND },
    {
      at: "Space",
      optional: [
        "icon",
        "description",
        "homepage",
        "metadata",
        "operations",
        "permissions",
        "settings",
        "theme",
        "lookAndFeel",
        "history",
      ],
      source: EXPAND,
    },
  ],
  v2: [
    { at: "MultiEntityLinks", optional: ["next"], source: LAST_PAGE },
    { at: "SpaceBulk", extra: ["spaceOwnerId"], source: "FACTS §4" },
    { at: "SpaceBulk.currentActiveAlias", nullable: true, source: "measured with confluence.js, FACTS §4" },
    { at: "SpaceBulk.description", nullable: true, source: `null unless description-format asks for it; ${CLIENT}` },
    { at: "SpaceBulk.icon", nullable: true, source: `null unless include-icon asks for it; ${CLIENT}` },
    { at: "GET /spaces/{id}", extra: ["spaceOwnerId", "currentActiveAlias"], source: "FACTS §4" },
    {
      at: "GET /spaces/{id}.description",
      nullable: true,
      source: `null unless description-format asks for it; ${CLIENT}`,
    },
    { at: "GET /spaces/{id}.icon", nullable: true, source: `null unless include-icon asks for it; ${CLIENT}` },
    {
      at: "GET /spaces/{id}",
      optional: ["labels", "properties", "operations", "permissions"],
      source: "sent with include-… (document: parameters)",
    },
    { at: "SpacePermissionAssignment.principal.type", open: true, source: "access-class is live, FACTS §4" },
    {
      at: "SpacePermissionAssignment.operation.key",
      open: true,
      source: "manage_users and others are live, TRAPS §2.2",
    },
  ],
  organizations: [
    { at: "LinkPageCursor", optional: ["next", "prev"], source: LAST_PAGE },
    { at: "LinkPageModel", optional: ["next", "prev"], source: LAST_PAGE },
    { at: "CursorNextPageModel", optional: ["next"], source: LAST_PAGE },
    {
      at: "MultiDirectoryUser",
      optional: ["department", "jobTitle", "organization", "location"],
      source: "unknown for guests, FACTS §6",
    },
    {
      at: "MultiDirectoryProductAccess",
      optional: ["lastActiveTimestamp"],
      source: "never active, FACTS §6 (last-active-dates: empty = never)",
    },
    {
      at: "WorkspaceModel.attributes",
      optional: ["updatedAt"],
      source: 'document: "This field is not populated for any workspace type and will always be absent"',
    },
  ],
  scim: [
    {
      at: "ScimUser.name",
      optional: ["middleName", "honorificPrefix", "honorificSuffix"],
      source: "an attribute without a value is left out, RFC 7643, section 2.5",
    },
    { at: "ScimError", optional: ["scimType"], source: "for 400 and 409 only, RFC 7644, section 3.12" },
  ],
  dataCenter: [
    ...DATA_CENTER_PAGES,
    { at: "Person", extra: ["username", "userKey", "status", "_links", "_expandable"], source: PERSON },
    {
      at: "Subject",
      extra: ["username", "userKey", "name", "profilePicture", "_links", "_expandable"],
      source: PERSON,
    },
    {
      at: "Space",
      optional: [
        "icon",
        "description",
        "homepage",
        "links",
        "creator",
        "creationDate",
        "lastModifier",
        "lastModificationDate",
        "metadata",
        "retentionPolicy",
        "permissions",
      ],
      extra: ["_links", "_expandable"],
      source: EXPAND,
    },
  ],
};
