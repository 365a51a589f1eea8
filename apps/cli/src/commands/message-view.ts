import type { Message, RuleDecision } from '@signet/api-contract/messages';
import { write, writeFields, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const recipientColumns: readonly Column<Message['recipients'][number]>[] = [
  { head: 'Recipient', value: (recipient) => recipient.address },
  { head: 'Delivery', value: (recipient) => recipient.deliveryState },
  { head: 'Access', value: (recipient) => recipient.accessState },
  { head: 'Opened', value: (recipient) => recipient.openedAt },
  { head: 'Revoked', value: (recipient) => recipient.revokedAt },
  { head: 'Reason', value: (recipient) => recipient.reason },
];

/** Writes what is known of a message, for people. */
export async function writeMessage(message: Message): Promise<void> {
  const { recipients, attachments, tracking, decision, ...rest } = message;
  await writeFields([
    ['Subject', rest.subject],
    ['Message-ID', rest.messageId],
    ['Id', rest.id],
    ['Sender', rest.sender],
    ['Template', rest.template],
    ['Accepted', rest.acceptedAt],
    ['Expires', rest.expiresAt],
    ['Tracking', tracking.reason === null ? tracking.state : `${tracking.state} (${tracking.reason})`],
    ['Revocable', rest.isRevocable],
    ['Revoked', rest.revoked],
    ['Attachments', attachments.map(({ name, size }) => `${name ?? 'unnamed'} (${size} bytes)`)],
    ...(decision === null ? [] : decisionInWords(decision)),
  ]);
  await write('\n');
  await writeTable(recipientColumns, recipients);
}

/** What the mail rules decided, and which one: a line for each thing that they said something about. */
function decisionInWords(decision: RuleDecision): [string, unknown][] {
  const { template, expiry, forwardingForbiddenBy, passing, removedHeaders, matchedRules, unknownTemplates } = decision;
  return [
    ['Rules', matchedRules],
    ['Template of', template.rule === null ? 'the organization’s default' : `the rule “${template.rule}”`],
    ...(expiry ? [['Expiry of rule', `${expiry.days} days, ${byRule(expiry.rule)}`] as [string, unknown]] : []),
    ...(forwardingForbiddenBy === null ? [] : [['Forwarding', `forbidden ${byRule(forwardingForbiddenBy)}`] as [string, unknown]]),
    ...(passing ? [['Unencrypted', `to ${passing.to}, ${byRule(passing.rule)}`] as [string, unknown]] : []),
    ...(removedHeaders.length === 0 ? [] : [['Removed fields', removedHeaders] as [string, unknown]]),
    ...unknownTemplates.map(({ name, rule }): [string, unknown] => ['No template', `${name}, named ${byRule(rule)}`]),
  ];
}

function byRule(rule: string): string {
  return `by the rule “${rule}”`;
}
