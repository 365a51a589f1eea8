import { expect, test } from 'vitest';
import { humanProfiles, scannerProfiles, type TouchProfile } from '../testing/touch-profiles.ts';
import { agentKind, touchSignals } from './touch-signals.ts';
import { judgeTouch, touchSigns } from './touch-verdict.ts';

type Judged = Parameters<typeof judgeTouch>[0];

function touch(properties: Record<string, string | number>, more: Partial<Judged> = {}): Judged {
  const operationProperties = Object.entries(properties).map(([name, value]) => ({ name, value: String(value) }));
  return { source: 'signet', operation: 'LinkTouch', userAgent: null, operationProperties, ...more };
}

/** The entry of each request of a profile, as if each were gathered alone: what is known of one alone is enough. */
function entriesOf({ requests, secondsAfterDelivery, press: pressing }: TouchProfile): Judged[] {
  return requests.map(({ method, headers }) => {
    const fetch = ['site', 'mode', 'dest', 'user'].flatMap((name) =>
      headers[`sec-fetch-${name}`] === undefined ? [] : [`${name}=${headers[`sec-fetch-${name}`]}`],
    );
    const userAgent = headers['user-agent'] ?? null;
    const signals = touchSignals(userAgent, {
      fetch: fetch.length === 0 ? 'none' : fetch.join('; '),
      purpose: headers['sec-purpose'] ?? headers['x-purpose'] ?? null,
      language: headers['accept-language'] ?? null,
      isKnown: false,
    });
    const pressed = pressing ? { PressedAfter: pressing.after, ...(pressing.by === null ? {} : { Press: pressing.by }) } : {};
    return touch({ Method: method, Count: 1, SecondsAfterDelivery: secondsAfterDelivery, ...signals, ...pressed }, { userAgent });
  });
}

test.each(scannerProfiles)('a scanner is told as one by each of its touches: $name', (profile) => {
  for (const entry of entriesOf(profile)) expect(judgeTouch(entry)).toMatchObject({ verdict: 'scanner', rules: 1 });
});

test.each(humanProfiles)('a person is never called a scanner: $name', (profile) => {
  for (const entry of entriesOf(profile)) expect(judgeTouch(entry)?.verdict).toBe(profile.verdict);
});

test('an entry is judged anew by its agent where that is recorded whole, and by what was seen of it where the privacy policy left less', () => {
  const seen = { Method: 'GET', Agent: 'Browser', Fetch: 'mode=navigate; dest=document' };
  const later = touch(seen, { userAgent: 'SomeBot/1.0' });
  expect(judgeTouch(later)).toEqual({ verdict: 'scanner', rules: 1, because: ['agent'] });
  const reduced = touch({ ...seen, UserAgentRecorded: 'truncated' }, { userAgent: 'Chrome 131 on Windows' });
  expect(judgeTouch(reduced)?.verdict).toBe('human');
  expect(judgeTouch(touch({ ...seen, Agent: 'Program', UserAgentRecorded: 'none' }))?.verdict).toBe('scanner');
  // As a sender sees it: without the agent.
  expect(judgeTouch(touch({ ...seen, Agent: 'Program' }))?.verdict).toBe('scanner');
});

test('an entry from before there were signals is judged by what it has', () => {
  expect(judgeTouch(touch({ Count: 3, Method: 'GET' }))).toEqual({ verdict: 'unknown', rules: 1, because: [] });
  expect(judgeTouch(touch({ Count: 3, Method: 'HEAD' }))?.verdict).toBe('scanner');
  expect(judgeTouch(touch({ Method: 'GET' }, { userAgent: 'LinkScanner/1.0' }))?.verdict).toBe('scanner');
});

test('one faint sign calls nobody a scanner, and two do', () => {
  const navigated = { Method: 'GET', Agent: 'Browser', Fetch: 'site=none; mode=navigate; dest=document; user=?1' };
  expect(judgeTouch(touch({ ...navigated, HeadBefore: 'true' }))?.verdict).toBe('unknown');
  expect(judgeTouch(touch({ ...navigated, SecondsAfterDelivery: 3 }))?.verdict).toBe('unknown');
  expect(judgeTouch(touch({ ...navigated, HeadBefore: 'true', SecondsAfterDelivery: 3 }))?.verdict).toBe('scanner');
  expect(judgeTouch(touch({ Method: 'GET', Agent: 'Browser', Cookie: 'Known', Count: 3 }))?.verdict).toBe('human');
});

const press = (properties: Record<string, string | number>) => judgeTouch(touch(properties, { operation: 'PasscodeSend' }))?.verdict;

test('who asked for a passcode is judged by how the button was pressed', () => {
  expect(press({ Agent: 'Browser', Press: 'mouse', PressedAfter: 2500 })).toBe('human');
  expect(press({ Agent: 'Browser', Press: 'keys' })).toBe('human');
  expect(press({ Agent: 'Browser', Press: 'mouse', PressedAfter: 700 })).toBe('unknown');
  expect(press({ Agent: 'Browser' })).toBe('unknown');
  expect(press({ Agent: 'Browser', Press: 'script', PressedAfter: 5000 })).toBe('scanner');
  expect(press({ Agent: 'Browser', Press: 'mouse', PressedAfter: 80 })).toBe('scanner');
  expect(press({ Agent: 'Program', Press: 'mouse', PressedAfter: 5000 })).toBe('scanner');
});

test('nothing is said of other operations, nor of what another system states', () => {
  expect(judgeTouch(touch({ Method: 'HEAD' }, { operation: 'MessageAccess' }))).toBeNull();
  expect(judgeTouch(touch({ Method: 'HEAD' }, { source: 'siem' }))).toBeNull();
});

test('a program’s name is told from a browser’s, and no agent from both', () => {
  for (const agent of [
    'python-requests/2.32',
    'Mozilla/4.0 (compatible; ms-office; MSOffice 16)',
    'WhatsApp/2.23.20.0',
    'Mozilla/5.0 (compatible; Scan)',
  ]) {
    expect([agent, agentKind(agent)]).toEqual([agent, 'Program']);
  }
  for (const agent of [null, '', '  ']) expect(agentKind(agent)).toBe('None');
  // A maker of telephones, and no bot.
  const cubot = 'Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36';
  expect(agentKind(cubot)).toBe('Browser');
});

test('signals are cut to what an entry may hold', () => {
  const signals = touchSignals('x', { fetch: 'f'.repeat(5000), purpose: 'p'.repeat(5000), language: '*', isKnown: true });
  expect(signals).toEqual({ Agent: 'Program', Fetch: 'f'.repeat(200), Purpose: 'p'.repeat(100), Language: 'None', Cookie: 'Known' });
  expect(new Set(touchSigns).size).toBe(touchSigns.length);
});
