/** Parameters as Next gives them to a page: one that is repeated is a list. */
type GivenParameters = Readonly<Record<string, string | string[] | undefined>>;

/** What stands behind the `?` of a page's address. */
export type SearchParams = Promise<GivenParameters>;

/** The same of a route's address. */
export function parametersIn(search: URLSearchParams): GivenParameters {
  return Object.fromEntries(
    [...new Set(search.keys())].map((name) => {
      const [first, ...others] = search.getAll(name);
      return [name, others.length === 0 || first === undefined ? first : [first, ...others]];
    }),
  );
}

/** A parameter that counts once; empty and repeated ones are none. */
export function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A page's address with those parameters that have a value; one that has several is repeated. */
export function addressOf(path: string, parameters: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, values]) =>
    [values ?? []].flat().flatMap((value): [string, string][] => (value ? [[name, value]] : [])),
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** Signet's page of a message. */
export function messagePath(id: string): string {
  return `/admin/messages/${encodeURIComponent(id)}`;
}

/** The list of legal holds with one of them on top: it may stand on any of its pages. */
export function holdPath(id: string): string {
  return `${addressOf('/admin/holds', { hold: id })}#hold-${encodeURIComponent(id)}`;
}

/** A path's part as it was meant; one that is no percent-encoding is taken as it stands. */
export function nameIn(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
