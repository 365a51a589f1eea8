import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Downloads Debian packages and unpacks them into `folder`, without root and without installing anything. The package lists come from
 * the system, or are fetched into a folder of our own.
 * @returns false where there is no apt, no network or no such package
 */
export function unpackDebianPackages(packages: readonly string[], folder: string): boolean {
  if (existsSync(folder)) return true;
  const work = `${folder}.new`;
  rmSync(work, { recursive: true, force: true });
  const downloads = join(work, 'downloads');
  for (const path of ['downloads', 'root', 'lists/partial', 'cache/archives/partial']) mkdirSync(join(work, path), { recursive: true });

  const download = (options: readonly string[]) => succeeds('apt-get', [...options, '-qq', 'download', ...packages], downloads);
  const own = ['-o', `Dir::State::Lists=${join(work, 'lists')}`, '-o', `Dir::Cache=${join(work, 'cache')}`, '-o', 'APT::Sandbox::User='];
  const downloaded = download([]) || (succeeds('apt-get', [...own, '-qq', 'update'], downloads) && download(own));
  const archives = downloaded ? readdirSync(downloads).filter((name) => name.endsWith('.deb')) : [];
  const unpacked =
    archives.length > 0 && archives.every((name) => succeeds('dpkg-deb', ['-x', join(downloads, name), join(work, 'root')], downloads));
  if (unpacked) renameSync(join(work, 'root'), folder);
  rmSync(work, { recursive: true, force: true });
  return unpacked;
}

function succeeds(program: string, args: readonly string[], cwd: string): boolean {
  return spawnSync(program, args, { cwd, stdio: 'ignore', timeout: 180_000 }).status === 0;
}
