/** Token under which the settings of `env.ts` are injected. */
export const SETTINGS = Symbol('settings');

/** Token under which the process's logger (pino) is injected. */
export const LOGGER = Symbol('logger');
