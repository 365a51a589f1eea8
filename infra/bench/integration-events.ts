import { randomUUID } from 'node:crypto';

/** An event as an integration states it; the api knows the rest. */
export interface IntegrationEvent {
  readonly id: string;
  readonly operation: string;
  readonly creationTime: string;
  readonly messageId: string;
  readonly recipients: readonly string[];
  readonly sender: string;
  readonly authenticationMethod: string | null;
  readonly authenticationStatus: string | null;
  readonly operationStatus: string;
  readonly attachmentName: string | null;
  readonly operationProperties: readonly { readonly name: string; readonly value: string }[];
  readonly actor: { readonly kind: string; readonly id: string | null; readonly address: string | null };
  readonly clientIp: string;
  readonly userAgent: string;
}

const steps = [
  { operation: 'WrapperDelivery', authenticated: false, attachmentName: null, properties: [{ name: 'Delivery', value: 'Delivered' }] },
  { operation: 'AuthenticateRequest', authenticated: true, attachmentName: null, properties: [] },
  { operation: 'MessageAccess', authenticated: true, attachmentName: null, properties: [] },
  {
    operation: 'AttachmentDownload',
    authenticated: true,
    attachmentName: 'Offer for the new office, final.pdf',
    properties: [
      { name: 'BytesSent', value: '1048576' },
      { name: 'Complete', value: 'true' },
    ],
  },
] as const;
const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
];

/**
 * Steps of messages that another system tracks, four of each, in the order in which they happen: a mail with one recipient, every third with
 * three, its subject among the first step's properties.
 * @param from number of the first event: another one makes other messages.
 */
export function integrationEvents(count: number, from: number, organizationDomain: string): IntegrationEvent[] {
  const now = Date.now();
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const message = Math.floor(number / steps.length);
    const step = steps[number % steps.length] ?? steps[0];
    const reader = `reader${message % 5_000}@customer${message % 97}.example`;
    const isFirst = number % steps.length === 0;
    return {
      id: randomUUID(),
      operation: step.operation,
      creationTime: new Date(now - 60_000 + Math.floor((index * 60_000) / count)).toISOString(),
      messageId: `<${message}.${organizationDomain}@mail.${organizationDomain}>`,
      recipients: message % 3 === 0 && isFirst ? [reader, `second.${reader}`, `third.${reader}`] : [reader],
      sender: `sender${message % 200}@${organizationDomain}`,
      authenticationMethod: step.authenticated ? 'OTP' : null,
      authenticationStatus: step.authenticated ? 'Success' : null,
      operationStatus: 'Success',
      attachmentName: step.attachmentName,
      operationProperties: isFirst
        ? [...step.properties, { name: 'MailSubject', value: `Offer ${message} for the new office and all that stands in it` }]
        : step.properties,
      actor: isFirst ? { kind: 'system', id: null, address: null } : { kind: 'recipient', id: null, address: reader },
      clientIp: `198.51.${message % 100}.${message % 250}`,
      userAgent: agents[message % agents.length] ?? '',
    };
  });
}
