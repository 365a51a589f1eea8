import { z } from 'zod';

const V4_LOOPBACK = /^127(?:\.\d{1,3}){3}$/;

/** Whether a host, as a URL or a setting names it, means this machine alone. */
export function isLoopbackHost(host: string): boolean {
  const name = host.replaceAll(/^\[|\]$/g, '');
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || V4_LOOPBACK.test(name);
}

function isPrivateOnItsWay(text: string): boolean {
  const url = URL.parse(text);
  return url === null || url.protocol === 'https:' || isLoopbackHost(url.hostname);
}

/**
 * Where people reach the portal, as every process is told it. Passcodes, sessions and content pass there: without TLS only on
 * this machine.
 */
export const publicUrl = z
  .url({ protocol: /^https?$/ })
  .refine(isPrivateOnItsWay, 'must begin with https: what passes there is secret, and http is for this machine alone');
