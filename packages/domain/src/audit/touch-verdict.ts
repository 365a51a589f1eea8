import type { AuditEntry } from './entry.ts';
import { agentKind, type AgentKind } from './touch-signals.ts';
import { recordedProperties } from './unknown-properties.ts';

/**
 * The version of the rules below. A change of what they say of any entry is a new version: an entry holds signals alone, so that each is
 * judged anew whenever it is read, the old ones too.
 */
const TOUCH_RULES = 1;

export const touchVerdicts = ['human', 'scanner', 'unknown'] as const;
export type TouchVerdict = (typeof touchVerdicts)[number];

/** What speaks for a program. One of the first kind is enough, two of the second are. */
const clearSigns = ['agent', 'no_agent', 'head', 'prefetch', 'not_navigation', 'script_press', 'fast_press'] as const;
const faintSigns = ['no_fetch_metadata', 'no_language', 'soon', 'head_before', 'burst'] as const;
/** What speaks for a person, where nothing speaks against one. */
const humanSigns = ['navigation', 'known_browser', 'hand_press'] as const;

export const touchSigns = [...clearSigns, ...faintSigns, ...humanSigns] as const;
export type TouchSign = (typeof touchSigns)[number];

/** Who probably asked: a guess that counts for nothing, since no touch is a reading. */
export interface JudgedTouch {
  readonly verdict: TouchVerdict;
  /** The version of the rules that said so. */
  readonly rules: number;
  /** What it rests on. */
  readonly because: readonly TouchSign[];
}

/** Mail systems look at links as a mail comes in; people need to notice it. Seconds. */
const SOON_SECONDS = 15;
/** Nobody sees a page, finds its button and presses it within so many milliseconds of asking for the page. */
const FASTEST_PRESS = 300;
/** Who takes a second is as quick as people are. */
const HUMAN_PRESS = 1000;
/** As often as nobody loads a page within a minute. */
const BURST = 10;

type Judged = Pick<AuditEntry, 'source' | 'operation' | 'userAgent' | 'operationProperties'>;

/**
 * Who probably touched a link, or asked for a passcode, by the signals that the entry holds. Null for entries of other operations, and
 * for what another system states: its signals are not ours.
 */
export function judgeTouch(entry: Judged): JudgedTouch | null {
  if (entry.source !== 'signet') return null;
  if (entry.operation === 'LinkTouch') return verdictOn(signsOfTouch(signalsOf(entry)));
  return entry.operation === 'PasscodeSend' ? judgePress(signalsOf(entry)) : null;
}

/** What is known of a press of the button that asks for a passcode. */
export interface PressSignals {
  readonly agent: AgentKind | null;
  readonly press: string | null;
  /** Milliseconds since the same agent asked for the page; null where that was long ago, or nobody knows. */
  readonly pressedAfter: number | null;
}

/** Who probably pressed the button. */
export function judgePress(signals: PressSignals): JudgedTouch {
  return verdictOn(signsOfPress(signals));
}

interface Signals extends PressSignals {
  readonly value: (name: string) => string | undefined;
}

function signalsOf({ userAgent, operationProperties }: Judged): Signals {
  const value = (name: string) => operationProperties.find((property) => property.name === name)?.value;
  const isWhole = value(recordedProperties.userAgent) === undefined && userAgent !== null;
  const recorded = value('Agent');
  const pressedAfter = value('PressedAfter');
  return {
    value,
    // An agent that is there whole is looked at again: lists of programs grow.
    agent: isWhole ? agentKind(userAgent) : isAgentKind(recorded) ? recorded : null,
    press: value('Press') ?? null,
    pressedAfter: pressedAfter === undefined ? null : Number(pressedAfter),
  };
}

function isAgentKind(text: string | undefined): text is AgentKind {
  return text === 'Browser' || text === 'Program' || text === 'None';
}

function signsOfPress({ agent, press, pressedAfter }: PressSignals): TouchSign[] {
  const isByHand = press !== null && press !== 'script';
  return signs([
    ['agent', agent === 'Program'],
    ['no_agent', agent === 'None'],
    ['script_press', press === 'script'],
    ['fast_press', pressedAfter !== null && pressedAfter < FASTEST_PRESS],
    ['hand_press', isByHand && (pressedAfter === null || pressedAfter >= HUMAN_PRESS)],
  ]);
}

function signsOfTouch(signals: Signals): TouchSign[] {
  const { value } = signals;
  const fetch = value('Fetch');
  const isNavigation = fetch !== undefined && /(^|; )mode=navigate(;|$)/.test(fetch) && /(^|; )dest=document(;|$)/.test(fetch);
  const after = value('SecondsAfterDelivery');
  return signs([
    ...signsOfPress(signals).map((sign) => [sign, true] as const),
    ['head', (value('Method') ?? '').split(', ').includes('HEAD')],
    ['prefetch', value('Purpose') !== undefined],
    ['not_navigation', fetch !== undefined && fetch !== 'Missing' && !isNavigation],
    ['no_fetch_metadata', fetch === 'Missing'],
    ['no_language', value('Language') === 'None'],
    ['soon', after !== undefined && Number(after) < SOON_SECONDS],
    ['head_before', value('HeadBefore') === 'true'],
    ['burst', Number(value('Count') ?? 1) >= BURST],
    ['navigation', isNavigation],
    ['known_browser', value('Cookie') === 'Known'],
  ]);
}

function signs(seen: readonly (readonly [TouchSign, boolean])[]): TouchSign[] {
  return seen.flatMap(([sign, isSeen]) => (isSeen ? [sign] : []));
}

function verdictOn(seen: readonly TouchSign[]): JudgedTouch {
  const of = (kind: readonly TouchSign[]) => seen.filter((sign) => kind.includes(sign));
  const [clear, faint, human] = [of(clearSigns), of(faintSigns), of(humanSigns)];
  if (clear.length > 0 || faint.length > 1) return { verdict: 'scanner', rules: TOUCH_RULES, because: [...clear, ...faint] };
  if (faint.length === 0 && human.length > 0) return { verdict: 'human', rules: TOUCH_RULES, because: human };
  return { verdict: 'unknown', rules: TOUCH_RULES, because: [...faint, ...human] };
}
