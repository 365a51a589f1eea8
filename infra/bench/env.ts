import { delimiter } from 'node:path';

/** The whole environment of `pnpm bench`. */
export const wholeEnvironment: NodeJS.ProcessEnv = { ...process.env };

/** The environment as a person's shell has it: without what npm and pnpm add for the scripts they run. */
export function shellEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|INIT_CWD$|NODE$)/i.test(name));
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !/node_modules|node-gyp-bin/.test(folder));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}
