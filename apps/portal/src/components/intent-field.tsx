/** Says what its form asks for. */
export function IntentField({ intent }: { readonly intent: string }) {
  return <input type="hidden" name="intent" value={intent} />;
}
