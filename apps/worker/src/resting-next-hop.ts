import type { HopAnswer, NextHop } from './next-hop.ts';

/** How long a next hop that is away is left alone, in milliseconds. */
const REST = 30_000;

/**
 * A next hop that is left alone for half a minute once it was away, and is then tried by one mail at a time until it takes one: mail for a
 * server that is not there waits at once, and takes no lane from the mail of others.
 */
export function restingNextHop(nextHop: NextHop, now: () => number = Date.now): NextHop {
  let rest: { readonly until: number; readonly said: string } | null = null;
  let isTried = false;
  const ask = async (hand: () => Promise<HopAnswer>): Promise<HopAnswer> => {
    if (rest !== null && (isTried || now() < rest.until)) {
      return { delivery: 'Deferred', response: `Not tried, since the next hop was away a moment ago: ${rest.said}` };
    }
    const isTrial = rest !== null;
    if (isTrial) isTried = true;
    const answer = await hand();
    if (isTrial) isTried = false;
    rest = answer.isAway ? { until: now() + REST, said: answer.response } : null;
    return answer;
  };
  return {
    send: (mail) => ask(() => nextHop.send(mail)),
    pass: (message) => ask(() => nextHop.pass(message)),
    close: () => nextHop.close(),
  };
}
