/** This process's environment with some variables set otherwise. */
export function withVariables(variables) {
  return { ...process.env, ...variables };
}

/** Whether npm runs this process as a script: then it must not outlive npm. */
export const startedByNpm = process.env.npm_lifecycle_event !== undefined;

/** Where whoever called stands: npm runs its scripts in the root of the package, and says where it was called. */
export const callersFolder = (startedByNpm && process.env.INIT_CWD) || process.cwd();
