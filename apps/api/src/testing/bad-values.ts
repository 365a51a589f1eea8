import type { JsonSchema, OpenApi, Parameter } from './access-table.ts';

/** A value that a part of a request refuses for certain, by what the document says of it. */
export interface BadValue {
  /** Where the answer must say that it is wrong. */
  readonly pointer: string;
  /** What is wrong, for whoever reads a failure. */
  readonly what: string;
  readonly value: unknown;
  /** Whether the answer may name what is around the pointer in its place: in a union it is open what was meant. */
  readonly loose?: boolean;
}

/** Text that occurs nowhere else: an answer or a log that has it has repeated what it was given. */
export const canary = 'canary-7f3c9a51';
/** Stands for a number that JSON can write and no double can hold. */
export const hugeNumber = `${canary}-huge`;

/** Follows references within the document. */
export function resolver({ components }: OpenApi) {
  return (schema: JsonSchema | undefined): JsonSchema => {
    const name = schema?.$ref?.replace('#/components/schemas/', '');
    return (name === undefined ? schema : components.schemas?.[name]) ?? {};
  };
}
type Resolve = ReturnType<typeof resolver>;

/** Texts that few schemas take; each is tried where a pattern, a format or a list refuses it. */
const oddTexts = [`${canary}\0`, `${canary}\ud800`, `${canary} <script>`, `${canary}\r\nX: y`];

function refuses(schema: JsonSchema, text: string): boolean {
  if (schema.enum) return !schema.enum.includes(text);
  if (schema.maxLength !== undefined && text.length > schema.maxLength) return true;
  return schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(text);
}

/** Texts that a schema of text refuses. */
function badTexts(schema: JsonSchema): { what: string; value: string }[] {
  const { maxLength, minLength = 0 } = schema;
  return [
    ...(minLength > 0 || schema.enum ? [{ what: 'empty', value: '' }] : []),
    ...(maxLength === undefined ? [] : [{ what: 'too long', value: canary.repeat(1 + maxLength / canary.length) }]),
    ...oddTexts.filter((text) => refuses(schema, text)).map((value) => ({ what: `odd text ${JSON.stringify(value)}`, value })),
  ];
}

function badNumbers({ type, minimum, maximum }: JsonSchema): { what: string; value: number | string }[] {
  return [
    ...(type === 'integer' ? [{ what: 'a fraction', value: 1.5 }] : []),
    ...(minimum === undefined ? [] : [{ what: 'too small', value: minimum - 1 }]),
    ...(maximum === undefined ? [] : [{ what: 'too large', value: maximum + 1 }]),
  ];
}

const samples: Readonly<Record<string, readonly unknown[]>> = {
  string: [canary],
  number: [12_345],
  boolean: [true],
  array: [[[[canary]]]],
  object: [{ [canary]: { [canary]: 1 } }],
  null: [null],
};

function typesOf(schema: JsonSchema, resolve: Resolve): string[] {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].map((branch) => resolve(branch));
  const own = schema.type === undefined ? [] : [schema.type].flat();
  const listed = [...(schema.enum ?? []), ...('const' in schema ? [schema.const] : [])].map((value) =>
    value === null ? 'null' : typeof value,
  );
  return [...own, ...listed, ...branches.flatMap((branch) => typesOf(branch, resolve))].map((type) =>
    type === 'integer' ? 'number' : type,
  );
}

/** Bad values for a part of a JSON body, and for all that is in it. @param wrap puts a value of the part into a whole body. */
export function badBodies(
  given: JsonSchema | undefined,
  resolve: Resolve,
  pointer = '',
  wrap: (value: unknown) => unknown = (value) => value,
): BadValue[] {
  const schema = resolve(given);
  const types = typesOf(schema, resolve);
  const bad = (what: string, value: unknown, at = pointer): BadValue => ({ pointer: at, what, value: wrap(value) });
  const ofOtherTypes = Object.entries(samples)
    .filter(([type]) => types.length > 0 && !types.includes(type))
    .flatMap(([type, values]) => values.map((value) => bad(type, value)));
  if (schema.anyOf ?? schema.oneOf ?? schema.allOf) return ofOtherTypes.map((value) => ({ ...value, loose: true }));
  const type = String(schema.type);
  switch (type) {
    case 'string':
      return [...ofOtherTypes, ...badTexts(schema).map(({ what, value }) => bad(what, value))];
    case 'number':
    case 'integer':
      return [...ofOtherTypes, bad('huge', hugeNumber), ...badNumbers(schema).map(({ what, value }) => bad(what, value))];
    case 'array':
      return [
        ...ofOtherTypes,
        ...((schema.minItems ?? 0) > 0 ? [bad('an empty list', [])] : []),
        ...(schema.maxItems === undefined ? [] : [{ ...bad('too many', Array(schema.maxItems + 1).fill(canary)), loose: true }]),
        ...badBodies(schema.items, resolve, `${pointer}/0`, (value) => wrap([value])),
      ];
    case 'object':
      return [
        ...ofOtherTypes,
        ...(schema.required ?? []).map((name) => bad(`${name} is missing`, {}, `${pointer}/${name}`)),
        ...(schema.additionalProperties === false
          ? ['surprise', 'constructor', 'prototype'].map((name) => bad('not known', { [name]: { polluted: canary } }, `${pointer}/${name}`))
          : []),
        ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
          badBodies(property, resolve, `${pointer}/${name}`, (value) => wrap({ [name]: value })),
        ),
      ];
    default:
      return ofOtherTypes;
  }
}

/** Bad texts for a parameter, which is text on its way whatever it stands for. */
export function badParameters({ name, schema: given }: Parameter, resolve: Resolve): (BadValue & { value: string })[] {
  const outer = resolve(given);
  const schema = outer.type === 'array' ? resolve(outer.items) : outer;
  const texts = (() => {
    if (schema.type === 'string') return badTexts(schema);
    if (schema.anyOf) return [{ what: 'garbage', value: canary }];
    const numbers = badNumbers(schema).map(({ what, value }) => ({ what, value: String(value) }));
    return [{ what: 'no number', value: canary }, { what: 'huge', value: '1e400' }, { what: 'NaN', value: 'NaN' }, ...numbers];
  })();
  return texts.map(({ what, value }) => ({ pointer: `/${name}`, what, value, loose: outer.type === 'array' }));
}
