/** What a column of a file about people can fill, for the help; the server says it again where one is not known. */
export const PEOPLE_COLUMNS = [
  "externalId",
  "email",
  "userName",
  "displayName",
  "givenName",
  "familyName",
  "department",
  "jobTitle",
  "manager",
  "costCenter",
  "location",
  "status",
  "employmentType",
] as const;
