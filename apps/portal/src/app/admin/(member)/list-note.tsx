/** What stands where a list has nothing to show. */
export function ListNote({ text }: { readonly text: string }) {
  return <output className="block px-4 py-10 text-center text-sm text-quiet">{text}</output>;
}
