import type { Intent } from './step.ts';

/** Says what its form asks for. */
export function IntentField({ intent }: { readonly intent: Intent }) {
  return <input type="hidden" name="intent" value={intent} />;
}
