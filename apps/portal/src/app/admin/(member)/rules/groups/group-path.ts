/** The page of a group. One whose name is the address of the page for new ones is found by another spelling: names are folded. */
export function groupPath(name: string): string {
  return `/admin/rules/groups/${name === 'new' ? 'New' : encodeURIComponent(name)}`;
}
