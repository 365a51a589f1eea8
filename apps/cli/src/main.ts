#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from './env.ts';

// Most of a command's time goes into reading its own code; the cache lies where nobody else can write.
enableCompileCache(join(repositoryRoot, 'node_modules/.cache/signet-cli'));
const { runSignet } = await import('./run.ts');
process.exitCode = await runSignet(process.argv.slice(2));
