/** What the router needs for an address of ours as the API gives it: `/people?status=idle`. */
export function localLink(href: string): { to: string; search: never } {
  const { pathname, searchParams } = new URL(href, location.origin);
  return { to: pathname, search: Object.fromEntries(searchParams) as never };
}
