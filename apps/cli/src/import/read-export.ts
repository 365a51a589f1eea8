import { readFileSync } from 'node:fs';
import { decodeText, EncodingError } from '@signet/domain/decode-text';
import { z } from 'zod';
import { UsageError } from '../failure.ts';

/** One object as PowerShell wrote it. */
export type Entry = Readonly<Record<string, unknown>>;

/** What a file holds, and the cmdlet that it came from. */
export interface Export {
  readonly kind: 'templates' | 'rules';
  readonly entries: readonly Entry[];
}

const entry = z.record(z.string(), z.unknown());
const list = z.array(entry).min(1, { error: 'there is nothing in it' });
/** One object, several, or several as Windows PowerShell 5.1 wraps them. */
const document = z.union([
  list,
  z.strictObject({ value: list, Count: z.int() }).transform(({ value }) => value),
  entry.transform((one) => [one]),
]);

/** Properties that objects of one kind have and those of the other have not. */
const marks = {
  templates: [
    'OTPEnabled',
    'SocialIdSignIn',
    'ExternalMailExpiryInterval',
    'ExternalMailExpiryInDays',
    'EmailText',
    'PortalText',
    'IntroductionText',
  ],
  rules: ['Mode', 'State', 'Priority', 'StopRuleProcessing', 'SenderAddressLocation', 'ApplyRightsProtectionTemplate', 'ApplyOME'],
} as const;

/** Reads what `Get-OMEConfiguration | ConvertTo-Json` or `Get-TransportRule | ConvertTo-Json` wrote. */
export function readExport(file: string): Export {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${String(error)}`, { cause: error });
  }
  return exportOf(bytes, file);
}

/** @throws {UsageError} naming the file */
export function exportOf(bytes: Uint8Array, file: string): Export {
  const read = document.safeParse(jsonOf(bytes, file));
  if (!read.success) throw new UsageError(`${file} holds no objects of Get-OMEConfiguration or Get-TransportRule.`);
  const entries = read.data;
  const kinds = (['templates', 'rules'] as const).filter((kind) => entries.every((one) => marks[kind].some((mark) => mark in one)));
  const [kind, ...others] = kinds;
  if (kind === undefined || others.length > 0) {
    throw new UsageError(
      `${file} must hold what Get-OMEConfiguration | ConvertTo-Json wrote, or Get-TransportRule | ConvertTo-Json, and no other.`,
    );
  }
  return { kind, entries };
}

function jsonOf(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(decodeText(bytes));
  } catch (error) {
    if (error instanceof EncodingError) throw new UsageError(`${file} ${error.message}`, { cause: error });
    throw new UsageError(`${file} is not JSON: ${String(error)}`, { cause: error });
  }
}

/** Whether a property says nothing: PowerShell writes every property of an object, set or not. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true;
  const inner = unwrapped(value);
  return Array.isArray(inner) && inner.length === 0;
}

/** An array as Windows PowerShell 5.1 may wrap it. */
export function unwrapped(value: unknown): unknown {
  const read = z.strictObject({ value: z.array(z.unknown()), Count: z.int() }).safeParse(value);
  return read.success ? read.data.value : value;
}

/** Properties that every object from Exchange has and that say nothing about what it is. */
const everywhere = [
  'PSComputerName',
  'RunspaceId',
  'PSShowComputerName',
  'ObjectState',
  'IsValid',
  'Identity',
  'OrganizationId',
  'ExchangeVersion',
];

/** The names of the properties that say something and are none of those: of an object's own, not of the transport's. */
export function restOf(one: Entry, known: readonly string[]): string[] {
  const passed = new Set([...everywhere, ...known]);
  return Object.keys(one).filter((name) => !passed.has(name) && !name.includes('@') && !isEmpty(one[name]));
}

/** The faults that a schema found, each with its property. */
export function faultsOf(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${path.map(String).join('/') || 'it'}: ${message}`);
}
