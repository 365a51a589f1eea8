import type { Session } from '../connection.ts';

/** The types that parameters have, by the names that PowerShell's help gives them. */
export interface ParameterTypes {
  readonly Boolean: boolean;
  readonly String: string;
  readonly Int32: number;
  readonly 'String[]': readonly string[];
  readonly DateTime: string;
  /** A file's path: bytes cannot stand on a command line. */
  readonly 'Byte[]': string;
}

/** One parameter. The first positional value goes to the one that is `positional`. */
export interface Parameter {
  readonly type: keyof ParameterTypes;
  readonly mandatory?: true;
  readonly positional?: true;
  /** Whether `$null`, or an empty text, takes away what is set. */
  readonly nullable?: true;
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** What was given, by the parameters' own names. */
export type ValuesOf<P extends Parameters> = {
  readonly [name in keyof P]: P[name] extends { readonly mandatory: true }
    ? ParameterTypes[P[name]['type']]
    : ParameterTypes[P[name]['type']] | (P[name] extends { readonly nullable: true } ? null : never) | undefined;
};

/** What a run of a cmdlet may do: `proceed` is asked before anything is changed, and answers false under `-WhatIf`. */
export interface Run extends Session {
  readonly proceed: (action: string) => Promise<boolean>;
}

/** A cmdlet as administrators know it. */
export interface Cmdlet<P extends Parameters = Parameters> {
  readonly name: string;
  readonly summary: string;
  /** Whether it changes something: then it has `-WhatIf` and `-Confirm`. */
  readonly changes: boolean;
  /** It takes away for good: it asks unless `-Confirm:$false` says not to, as Exchange's `Remove-` cmdlets do. */
  readonly irreversible?: true;
  readonly parameters: P;
  /** Parameters of Microsoft's cmdlet that have no meaning here, and why. */
  readonly refused: Readonly<Record<string, string>>;
  readonly run: (values: ValuesOf<P>, run: Run) => Promise<void>;
}

/** A cmdlet whatever its parameters are: values are checked against `parameters` before `run` gets them. */
export type AnyCmdlet = Omit<Cmdlet, 'run'> & { readonly run: (values: never, run: Run) => Promise<void> };

/** States a cmdlet with the literal types of its parameters. */
export function defineCmdlet<const P extends Parameters>(cmdlet: Cmdlet<P>): Cmdlet<P> {
  return cmdlet;
}
