import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runToEnd } from '../local/children.ts';
import { repositoryRoot } from '../local/repository-root.ts';
import { shellEnvironment } from './env.ts';
import { readLinks } from './mailbox.ts';
import type { Bench, Measurement } from './measurement.ts';
import { htmlMailRest, mailHeader } from './sample-mail.ts';
import { SmtpSession } from './smtp-session.ts';

/** An app of the same Next whose only page is empty. */
const emptyApp = {
  'package.json': '{ "name": "empty", "private": true, "type": "module" }',
  'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(repositoryRoot)} } };`,
  'app/layout.jsx': 'export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html>; }',
  'app/page.jsx': 'export default function Page() { return null; }',
} as const;

/** P11: the script that a browser loads for a recipient's page, compressed, above that of an empty page of the same Next. */
export async function measurePageWeight(bench: Bench): Promise<Measurement[]> {
  const signet = await bench.startSignet();
  const address = 'reader@example.net';
  const session = await SmtpSession.open({ ...signet.acme.smtp, credentials: signet.acme.smtp });
  await session.send({
    sender: 'alice@acme.example',
    recipients: [address],
    data: Buffer.from(mailHeader('weight', address) + htmlMailRest()),
  });
  await session.close();
  const [link] = await readLinks(signet.mailboxUrl, 1);
  if (link === undefined) throw new Error('No wrapper mail came.');
  const page = await (await fetch(`${signet.portalUrl}/m/${link.token}`)).text();
  const ours = await weightOf(scriptsOf(page), async (path) => {
    const answer = await fetch(`${signet.portalUrl}${path}`);
    if (!answer.ok) throw new Error(`A script was answered ${answer.status}.`);
    return Buffer.from(await answer.arrayBuffer());
  });

  const folder = await buildEmpty(bench);
  const empty = readFileSync(join(folder, '.next/server/app/index.html'), 'utf8');
  const theirs = await weightOf(scriptsOf(empty), (path) =>
    Promise.resolve(readFileSync(join(folder, '.next', path.replace(/^\/_next\//, '')))),
  );
  const above = (ours.bytes - theirs.bytes) / 1_000;
  return [
    {
      row: 'P11',
      what: 'script of a recipient’s page above an empty page, gzip',
      unit: 'kB',
      ours: above,
      runs: [above],
      reference: null,
      goal: { words: '≤ 40 kB', met: above <= 40 },
      notes: [
        `${(ours.bytes / 1_000).toFixed(1)} kB in ${ours.files} files, an empty page of the same Next ${(theirs.bytes / 1_000).toFixed(1)} kB in ${theirs.files}; scripts for old browsers (nomodule) left out of both. Lighthouse is not run.`,
      ],
    },
  ];
}

/** Addresses of the scripts that a page names, those that only old browsers load left out. */
function scriptsOf(page: string): string[] {
  const tags = [...page.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/\bnomodule\b/i.test(tag));
  const preloads = [...page.matchAll(/<link\b[^>]*\bas="script"[^>]*>/g)].map(([tag]) => tag);
  const paths = [...tags, ...preloads].flatMap((tag) => /\b(?:src|href)="([^"?]+)/.exec(tag)?.[1] ?? []);
  if (paths.length === 0) throw new Error('The page names no script.');
  return [...new Set(paths)];
}

async function weightOf(paths: readonly string[], read: (path: string) => Promise<Buffer>): Promise<{ bytes: number; files: number }> {
  const files = await Promise.all(paths.map(read));
  return { bytes: files.reduce((sum, file) => sum + gzipSync(file).length, 0), files: files.length };
}

/** @returns the folder of the app. It lies where the portal's Next is found, and goes when the row ends. */
async function buildEmpty(bench: Bench): Promise<string> {
  const portal = join(repositoryRoot, 'apps/portal');
  const folder = join(portal, '.next/empty-page');
  bench.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'app'), { recursive: true });
  for (const [name, content] of Object.entries(emptyApp)) writeFileSync(join(folder, name), content);
  const env = { ...shellEnvironment(), NEXT_TELEMETRY_DISABLED: '1' };
  const next = join(portal, 'node_modules/next/dist/bin/next');
  await runToEnd('The build of an empty page', [process.execPath, next, 'build', folder], env, bench.guard);
  return folder;
}
