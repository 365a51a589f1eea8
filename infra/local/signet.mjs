#!/usr/bin/env node
// `npm run -s signet --`, and `signet` where a PATH leads here: plain JavaScript for any Node ≥ 20.
import { join } from 'node:path';
import { callersFolder } from './env.mjs';
import { handOver } from './hand-over.mjs';
import { root } from './install.mjs';

// From the sources, so that there is nothing to build, and where the caller stands, so that files are found from there.
await handOver(join(root, 'apps/cli/src/main.ts'), { nodeOptions: ['--conditions=@signet/source'], cwd: callersFolder });
