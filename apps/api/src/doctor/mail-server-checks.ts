import { isLoopbackHost } from '@signet/domain/public-url';
import { fault, ok, warning, wordsOf, type Check, type Finding } from './finding.ts';
import { probeMailServer, probeTls, type SeenCertificate } from './mail-server-probe.ts';

/** A certificate that ends within so many days is to be replaced now. */
const DAYS_LEFT = 14;
const DAY = 86_400_000;

interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly isLocal: boolean;
  /** Whether a user name is given to it, and with it a password. */
  readonly asksForName: boolean;
}

/** Host and port of `smtp://…` or `smtps://…`, as the worker reads them. */
export function mailServerOf(url: string): MailServer {
  const { protocol, hostname, port, username } = new URL(url);
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  const secure = protocol === 'smtps:';
  return {
    host,
    port: port === '' ? (secure ? 465 : 25) : Number(port),
    secure,
    isLocal: isLoopbackHost(host),
    asksForName: username !== '',
  };
}

/** Whether the gateway answers where mail systems reach it, with STARTTLS and a certificate that is in its time. */
export function gatewayCheck(url: string | undefined): Check {
  const mend = 'See that the gateway runs and that API_GATEWAY_URL is where the api reaches it.';
  return {
    mend,
    run: async (signal) => {
      if (url === undefined) return notAsked('API_GATEWAY_URL', 'smtp://gateway:2525');
      const server = mailServerOf(url);
      const { certificate } = await probeMailServer({ ...server, tls: server.secure ? 'at once' : 'where offered' }, signal);
      if (certificate === null) {
        return server.isLocal
          ? ok('Answers EHLO on this machine; TLS is not set up')
          : fault('Answers EHLO without STARTTLS', 'Give the gateway a certificate: GATEWAY_TLS_CERT and GATEWAY_TLS_KEY.');
      }
      const certificateMend =
        'Put a certificate that is in its time where GATEWAY_TLS_CERT and GATEWAY_TLS_KEY say, and start the gateway again.';
      return timeOf(certificate, certificateMend) ?? ok(`Answers EHLO with STARTTLS; ${daysLeft(certificate)}`);
    },
  };
}

/** Whether the next hop answers as the worker will speak to it: with TLS, by a certificate that somebody vouches for, unless it is on this machine. */
export function nextHopCheck(url: string | undefined): Check {
  return {
    mend: 'See that the mail server of SMTP_URL runs and can be reached from here: until then mail waits.',
    run: async (signal) => {
      if (url === undefined) return notAsked('SMTP_URL', 'smtp://smtp.example.org:587');
      const server = mailServerOf(url);
      // On this machine the worker asks for no TLS, since nobody has a certificate for it.
      const tls = server.secure ? 'at once' : server.isLocal ? 'never' : 'where offered';
      const { certificate } = await probeMailServer({ ...server, tls }, signal);
      if (certificate === null) {
        const tlsMend = 'Switch TLS on at the next hop, or hand mail to one that has it.';
        if (server.isLocal) return ok('Answers EHLO on this machine, without TLS');
        // The worker gives no password away in clear.
        if (server.asksForName) return fault('Answers EHLO without STARTTLS, and SMTP_URL has a password: mail waits', tlsMend);
        return warning('Answers EHLO without STARTTLS: mail goes there in clear', tlsMend);
      }
      const mend = 'Give the next hop a certificate in its own name that is in its time, from an authority that this machine knows.';
      const outOfTime = timeOf(certificate, mend);
      if (outOfTime) return outOfTime;
      if (certificate.distrust !== null) return fault(`Its certificate is not trusted (${certificate.distrust})`, mend);
      return ok(`Answers EHLO with TLS; ${daysLeft(certificate)}`);
    },
  };
}

/** Whether the portal's address shows a certificate that browsers take. */
export function portalCheck(publicUrl: string): Check {
  const { protocol, hostname, port } = new URL(publicUrl);
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  const mend = 'Give the proxy in front of the portal a certificate for the name in PUBLIC_URL.';
  return {
    mend,
    run: async (signal) => {
      if (protocol === 'http:') return ok('On this machine alone, without TLS');
      let seen: SeenCertificate;
      try {
        seen = await probeTls(host, port === '' ? 443 : Number(port), signal);
      } catch (error) {
        // Those outside may reach what this machine cannot.
        return warning(
          `${host} is not reached from here (${wordsOf(error)})`,
          'See that PUBLIC_URL can be reached, from outside above all.',
        );
      }
      const distrusted = seen.distrust === null ? null : fault(`Its certificate is not trusted (${seen.distrust})`, mend);
      return timeOf(seen, mend) ?? distrusted ?? ok(`Shows a certificate; ${daysLeft(seen)}`);
    },
  };
}

function notAsked(name: string, example: string): Finding {
  return warning(`Not looked at: the api is not told ${name}`, `Set ${name} for the api too, such as ${example}.`);
}

/** What a certificate's dates say against it; null where nothing. */
export function timeOf({ validFrom, validTo }: SeenCertificate, mend: string): Finding | null {
  const now = Date.now();
  if (validFrom.getTime() > now) return fault(`Its certificate is good only from ${validFrom.toISOString()}`, mend);
  if (validTo.getTime() < now) return fault(`Its certificate expired on ${validTo.toISOString()}`, mend);
  return validTo.getTime() - now < DAYS_LEFT * DAY ? warning(`Its certificate expires on ${validTo.toISOString()}`, mend) : null;
}

export function daysLeft({ validTo }: SeenCertificate): string {
  return `its certificate is good for ${Math.floor((validTo.getTime() - Date.now()) / DAY)} days`;
}
