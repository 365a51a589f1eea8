import { Command } from '@commander-js/extra-typings';
import { names } from '@signet/domain/mail-rule';
import { withCommonOptions } from '../command.ts';
import { openSession } from '../connection.ts';
import type { Session } from '../connection.ts';
import { NotDone } from '../failure.ts';
import { readExport } from '../import/read-export.ts';
import type { Entry, Export } from '../import/read-export.ts';
import { Refused, linesOf, refusal, runPlan } from '../import/report.ts';
import type { ImportEntry, Plan } from '../import/report.ts';
import { inOrder, planRule } from '../import/rules.ts';
import { planTemplate } from '../import/templates.ts';
import { note, write, writeJson } from '../output.ts';
import { printable } from '../printable.ts';

const titles = {
  templates: 'branding templates, from Get-OMEConfiguration',
  rules: 'mail rules, from Get-TransportRule',
} as const;

const examples = `
In Exchange Online PowerShell:
  Get-OMEConfiguration | ConvertTo-Json -Depth 5 > templates.json
  Get-TransportRule | ConvertTo-Json -Depth 5 > rules.json
Templates first: rules name them.`;

const NAMELESS = '(without a name)';

export const importCommand = withCommonOptions(
  new Command('import').description('take over branding templates or mail rules from Exchange Online'),
)
  .argument('<file>', 'what ConvertTo-Json wrote of Get-OMEConfiguration or Get-TransportRule')
  .option('--what-if', 'say what would be taken and what refused, and change nothing')
  .addHelpText('after', examples)
  .action(async (file, { whatIf = false, ...options }) => {
    const found = readExport(file);
    const session = openSession(options);
    note(`${file}: ${found.entries.length} ${titles[found.kind]}.${whatIf ? ' What if: nothing is changed.' : ''}`);
    const report = await takeAll(session, found, whatIf);
    const refused = report.filter(({ outcome }) => outcome === 'refused').length;
    if (refused > 0) throw new NotDone(`${refused} of ${report.length} refused.`);
  });

/** Takes the objects one after the other. What was done is reported even where the API goes away in between. */
async function takeAll(session: Session, { kind, entries }: Export, whatIf: boolean): Promise<ImportEntry[]> {
  const report: ImportEntry[] = [];
  const ordered = kind === 'rules' ? inOrder(entries) : entries;
  const order = ordered.map(nameOf);
  const plan = (entry: Entry): Promise<Plan> =>
    kind === 'rules' ? planRule(session.client, entry, order) : planTemplate(session.client, entry);
  try {
    for (const [index, entry] of ordered.entries()) {
      const name = nameOf(entry);
      // Taken, it would change the one before it without a word.
      const isSecond = name !== NAMELESS && names(order.slice(0, index), name);
      const one = isSecond
        ? refusal(name, ['another of this name stands before it in the file'])
        : await take(name, () => plan(entry), whatIf);
      report.push(one);
      if (!session.json)
        await write(
          linesOf(one)
            .map((line) => `${printable(line)}\n`)
            .join(''),
        );
    }
  } finally {
    if (session.json) await writeJson({ kind, whatIf, items: report });
  }
  return report;
}

async function take(name: string, plan: () => Promise<Plan>, whatIf: boolean): Promise<ImportEntry> {
  try {
    return await runPlan(name, await plan(), whatIf);
  } catch (error) {
    if (error instanceof Refused) return refusal(name, error.reasons);
    throw error;
  }
}

function nameOf({ Name, Identity }: Entry): string {
  const name = Name ?? Identity;
  return typeof name === 'string' ? name : NAMELESS;
}
