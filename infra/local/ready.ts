import type { Child } from './children.ts';

const readyMilliseconds = 60_000;

/**
 * Waits until `url` answers with a status below 400.
 * @throws Error when the process ends before, or the time is over
 */
export async function waitUntilReady(child: Child, url: string): Promise<void> {
  let how: string | undefined;
  void child.ended.then((words) => (how = words));
  let last = 'no answer';
  for (const deadline = Date.now() + readyMilliseconds; Date.now() < deadline;) {
    if (how !== undefined) throw new Error(child.summary(how));
    try {
      const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
      await answer.arrayBuffer();
      if (answer.status < 400) return;
      last = `status ${answer.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${child.name} is not ready after ${readyMilliseconds / 1_000} s (${last}).\n${child.summary('still running')}`);
}
