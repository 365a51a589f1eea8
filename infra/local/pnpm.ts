import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

/**
 * A command line that runs a program of node_modules/.bin with pnpm on its PATH, which turbo asks for: npm fetches the pnpm that
 * package.json names, so nobody has to install it.
 */
export function withPnpm(program: string, args: readonly string[]): readonly [string, ...string[]] {
  const manifest: unknown = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
  const pnpm = typeof manifest === 'object' && manifest !== null && 'packageManager' in manifest ? String(manifest.packageManager) : 'pnpm';
  return ['npx', '-y', '--prefer-offline', '-p', pnpm, '--', join(repositoryRoot, 'node_modules/.bin', program), ...args];
}
