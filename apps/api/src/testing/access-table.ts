import { permissions, type Permission } from '@signet/domain/role';

/** One operation of the OpenAPI document, as far as it says who may call it and what it takes. */
export interface Operation {
  readonly operationId: string;
  readonly method: Uppercase<string>;
  readonly path: `/${string}`;
  readonly summary: string;
  /** Ways to be let in, each of which wants all of its schemes; none: anybody is. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  /** Whether a member must have proved lately who they are. */
  readonly 'x-recent-authentication'?: true;
  /** Whether a member may call it who has yet to set up the second factor that is asked for. */
  readonly 'x-during-enrolment'?: true;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}

export interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

/** As much of JSON Schema as the contract's schemas become. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** The document as whoever reads its JSON has it. */
export interface OpenApi {
  readonly paths: Readonly<Record<`/${string}`, Readonly<Record<string, Omit<Operation, 'method' | 'path'>>>>>;
  readonly components: {
    readonly schemas?: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

/** Every operation of the document, in its order. */
export function operationsOf({ paths }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase() as Uppercase<string>,
      path: path as `/${string}`,
      parameters: operation.parameters ?? [],
    })),
  );
}

/** What somebody brings: credentials by the document's names for them, and what a key's scopes or a member's role permit. */
export interface Credentials {
  readonly schemes: readonly string[];
  readonly permissions: readonly Permission[];
  /** What stands against a member's session besides the role. */
  readonly lacks?: 'second factor' | 'recent authentication';
}

/** How a request is met: let in, sent away because nobody is known to ask, or because they may not do it, or not yet. */
export type Access = 'allowed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'reauthentication_required';

/** What the document says about somebody who calls an operation. */
export function accessTo(operation: Omit<Operation, 'summary'>, { schemes, permissions: held, lacks }: Credentials): Access {
  const { security } = operation;
  if (security.length === 0) return 'allowed';
  const known = security.filter((way) => Object.keys(way).every((scheme) => schemes.includes(scheme)));
  if (known.length === 0) return 'unauthenticated';
  const asMember = known.some((way) => 'memberSession' in way);
  if (asMember && lacks === 'second factor' && !operation['x-during-enrolment']) return 'second_factor_required';
  const wanted = (way: (typeof known)[number]) => Object.values(way).flat();
  if (!known.some((way) => wanted(way).every((permission) => held.some((one) => one === permission)))) return 'forbidden';
  return asMember && lacks === 'recent authentication' && operation['x-recent-authentication'] ? 'reauthentication_required' : 'allowed';
}

/** Permissions that an operation asks of keys and members; empty where it asks for none. */
export function permissionsOf({ security }: Pick<Operation, 'security'>): Permission[] {
  const wanted = new Set(security.flatMap((way) => Object.values(way).flat()));
  return permissions.filter((permission) => wanted.has(permission));
}
