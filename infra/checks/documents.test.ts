import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryRoot } from '../local/repository-root.ts';

const documents = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '--', '*.md'], { cwd: repositoryRoot, encoding: 'utf8' })
  .stdout.split('\n')
  .filter((path) => path !== '' && existsSync(join(repositoryRoot, path)));

/** A document without what is shown as it stands: code is no link. */
function proseOf(path: string): string {
  const text = readFileSync(join(repositoryRoot, path), 'utf8');
  return text.replaceAll(/^(```+|~~~+)[^]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()<>]/g, ' '));
}

/** Where the links and pictures of a document lead. */
function targetsIn(path: string): string[] {
  const prose = proseOf(path);
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const defined = [...prose.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)];
  const html = [...prose.matchAll(/<(?:img|a|source)\s[^>]*?(?:src|srcset|href)="([^"]+)"/g)];
  return [...inline, ...defined, ...html].flatMap(([, target]) => (target === undefined ? [] : [target]));
}

/** The anchors that GitHub makes of a document's headings. */
function anchorsOf(path: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = readFileSync(path, 'utf8')
    .replaceAll(/^(```+|~~~+)[^]*?^\1/gm, '')
    .matchAll(/^#{1,6} +(.+?) *#*$/gm);
  const anchors = [...headings].map(([, heading = '']) => {
    const name = heading
      .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[`*]/g, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}-${before}`;
  });
  return new Set(anchors);
}

/** Why a link leads nowhere; null where it leads somewhere. What is elsewhere is not asked for. */
function faultOf(document: string, target: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return /^(https?|mailto|smtp):/i.test(target) ? null : `${target} is of no kind of link`;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(repositoryRoot, document) : resolve(repositoryRoot, dirname(document), decodeURIComponent(path));
  if (relative(repositoryRoot, file).startsWith('..')) return `${target} leads out of the repository`;
  if (!existsSync(file)) return `${target} is not there`;
  if (anchor === undefined) return null;
  if (!file.endsWith('.md') || statSync(file).isDirectory()) return `${target} has an anchor in what has no headings`;
  return anchorsOf(file).has(decodeURIComponent(anchor)) ? null : `${target} is no heading there`;
}

describe('documents', () => {
  test('are looked at: there are several, with links and pictures', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'docs/roles.md']));
    expect(documents.flatMap(targetsIn).length).toBeGreaterThan(50);
    expect(documents.flatMap(targetsIn).filter((target) => target.endsWith('.png')).length).toBeGreaterThan(5);
  });

  test.each(documents)('%s: every link and picture leads somewhere', (path) => {
    expect(targetsIn(path).flatMap((target) => faultOf(path, target) ?? [])).toEqual([]);
  });

  test('every picture that is kept is shown in a document', () => {
    const shown = new Set(documents.flatMap((path) => targetsIn(path).map((target) => resolve(repositoryRoot, dirname(path), target))));
    const pictures = join(repositoryRoot, 'docs/pictures');
    expect(readdirSync(pictures).filter((name) => !shown.has(join(pictures, name)))).toEqual([]);
  });

  test.each(documents)('%s: every picture says in words what it shows', (path) => {
    const silent = [...proseOf(path).matchAll(/!\[([^\]]*)\]\(([^)]*)\)/g)].filter(([, words = '']) => words.trim().length < 8);
    expect(silent.map(([, , target]) => target)).toEqual([]);
  });

  test.each(documents)('%s: a test that is linked has the words of the link', (path) => {
    const links = [...proseOf(path).matchAll(/\[([^\]]+)\]\(([^)]+\.test\.tsx?)\)/g)];
    const missing = links.filter(([, words = '', target = '']) => {
      const file = resolve(repositoryRoot, dirname(path), target);
      return (
        !existsSync(file) ||
        !readFileSync(file, 'utf8')
          .replaceAll(/\\(['"])/g, '$1')
          .includes(words)
      );
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });

  test('a link that leads nowhere, a heading that is not there and a way out of the repository are found', () => {
    expect(faultOf('README.md', 'docs/nothing.md')).toContain('is not there');
    expect(faultOf('README.md', 'ARCHITECTURE.md#no-such-heading')).toContain('is no heading');
    expect(faultOf('docs/roles.md', '../../../etc/passwd')).toContain('leads out');
    expect(faultOf('README.md', 'javascript:alert(1)')).toContain('no kind of link');
    expect(faultOf('README.md', 'ARCHITECTURE.md#how-a-message-moves')).toBeNull();
  });
});
