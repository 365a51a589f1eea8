import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The clone that this file lies in, as source or built. */
export const repositoryRoot = resolve(import.meta.dirname, '../../..');

/** What the command is told by its environment. */
export interface CliEnvironment {
  readonly apiUrl: string | undefined;
  readonly apiKey: string | undefined;
  /** What the api printed, for `signet setup`. */
  readonly setupToken: string | undefined;
  /** The user's own configuration file, which need not be there. */
  readonly configurationFile: string;
  /** What `npm start` writes down for programs. */
  readonly localFile: string;
}

/** Reads the environment. An empty variable counts as none; `SIGNET_HOME` is read as `npm start` reads it. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): CliEnvironment {
  const given = (name: string) => variables[name] || undefined;
  return {
    apiUrl: given('SIGNET_API_URL'),
    apiKey: given('SIGNET_API_KEY'),
    setupToken: given('SIGNET_SETUP_TOKEN'),
    configurationFile: join(given('XDG_CONFIG_HOME') ?? join(homedir(), '.config'), 'signet', 'config.json'),
    localFile: join(resolve(repositoryRoot, given('SIGNET_HOME') ?? '.signet'), 'local.json'),
  };
}
