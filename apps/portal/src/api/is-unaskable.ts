/**
 * Whether the api was not even asked, since no address can hold the name that was given. When nobody answers, `fetch` throws a
 * TypeError too, but one with a cause.
 */
export function isUnaskable(error: unknown): boolean {
  return error instanceof TypeError && error.cause === undefined;
}
