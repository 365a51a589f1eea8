/** This process's environment with some variables set otherwise. */
export function withVariables(variables) {
  return { ...process.env, ...variables };
}

/** Whether npm runs this process as a script: then it must not outlive npm. */
export const startedByNpm = process.env.npm_lifecycle_event !== undefined;
