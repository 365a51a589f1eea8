import { isbot } from 'isbot';

/** What an agent says that it is: a program that reads pages for people, one that does something else, or nothing. */
export type AgentKind = 'Browser' | 'Program' | 'None';

/** How a button was pressed, as the page saw it: by a device that people use (`keys`, or what stands for them), or by a script alone. */
export const presses = ['mouse', 'touch', 'pen', 'keys', 'script'] as const;
export type Press = (typeof presses)[number];

/** What a request for a link said beside its address and agent; null where nothing was said, or nobody looked. */
export interface RequestSignals {
  /** Fetch metadata as one text, `FETCH_NONE` where a request that could carry it came without. */
  readonly fetch: string | null;
  /** `Sec-Purpose`, or what older programs say in its place. */
  readonly purpose: string | null;
  /** `Accept-Language`. */
  readonly language: string | null;
  /** Whether the browser had asked for a passcode before. */
  readonly isKnown: boolean;
}

/** Signals by the names of an entry's properties: what was seen, and not what it means. */
export interface TouchSignals {
  readonly Agent: AgentKind;
  readonly Fetch?: string;
  readonly Purpose?: string;
  readonly Language?: 'None';
  readonly Cookie?: 'Known';
}

/** Says that a request came without fetch metadata where a browser of today sends it: on a page of https, or of the machine itself. */
export const FETCH_NONE = 'none';

/**
 * Every browser since about 2010 calls itself `Mozilla/5.0 (…` and names its engine; who does not is none. Looked at whole, whatever of it
 * is recorded afterwards.
 */
export function agentKind(userAgent: string | null): AgentKind {
  if (userAgent === null || userAgent.trim() === '') return 'None';
  return /^Mozilla\/5\.0 \(.*(AppleWebKit|Gecko|Trident)\//.test(userAgent) && !isbot(userAgent) ? 'Browser' : 'Program';
}

/** Versions since which browsers send fetch metadata (W3C, Fetch Metadata Request Headers), as the agent names them. */
const sendsFetchMetadata: readonly (readonly [RegExp, number])[] = [
  [/ Chrom(?:e|ium)\/(\d{1,4})/, 80],
  [/ Firefox\/(\d{1,4})/, 90],
  [/ Version\/(\d{1,3}).* Safari\//, 17],
];

/** Whether an agent is a browser that never leaves fetch metadata out. An in-app view that names no version may. */
function mustSendFetchMetadata(userAgent: string): boolean {
  const claim = sendsFetchMetadata.map(([name, since]) => ({ version: name.exec(userAgent)?.[1], since })).find(({ version }) => version);
  return claim !== undefined && Number(claim.version) >= claim.since;
}

/** What is kept of a request for a link. Nothing of it tells who a person is. */
export function touchSignals(userAgent: string | null, { fetch, purpose, language, isKnown }: RequestSignals): TouchSignals {
  const isMissing = fetch === FETCH_NONE && mustSendFetchMetadata(userAgent ?? '');
  const told = fetch === null || fetch === FETCH_NONE ? null : fetch.slice(0, 200);
  return {
    Agent: agentKind(userAgent),
    ...(isMissing ? { Fetch: 'Missing' } : told === null ? {} : { Fetch: told }),
    ...(purpose === null ? {} : { Purpose: purpose.slice(0, 100) }),
    // What asks without a wish of its own is given `*` by programs' libraries.
    ...(language === null || language.trim() === '' || language.trim() === '*' ? { Language: 'None' } : {}),
    ...(isKnown ? { Cookie: 'Known' } : {}),
  };
}
