/** The page of a template. One whose name is the address of the page for new ones is found by another spelling: names are folded. */
export function templatePath(name: string): string {
  return `/admin/templates/${name === 'new' ? 'New' : encodeURIComponent(name)}`;
}
