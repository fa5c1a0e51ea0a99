import { createTransport } from "nodemailer";
import type { Log } from "../../lib/log.ts";
import { messageOf } from "../../lib/errors.ts";
import type { MailSettings } from "../../lib/settings.ts";

export interface Mail {
  /** Makes the Message-ID: who gets a mail twice can tell. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

export type SendOutcome =
  | { outcome: "sent"; statusCode: number | null; error: null }
  /** `isForAll`: nothing about this message is wrong, so another one would fare no better just now. */
  | { outcome: "later"; statusCode: number | null; error: string; isForAll: boolean }
  | { outcome: "failed"; statusCode: number | null; error: string };

export interface Mailer {
  /** Never throws: what went wrong is the outcome. */
  send(mail: Mail): Promise<SendOutcome>;
  close(): Promise<void>;
}

/** Mail servers limit connections of one sender; a few are enough, as each message takes a fraction of a second. */
const CONNECTIONS_MAX = 3;
const TIMEOUT_MS = 30_000;

/** Sends by SMTP over a few connections that stay open while there is something to send. */
export function createMailer({ smtpUrl, from }: MailSettings, log: Log): Mailer {
  const server = readSmtpUrl(smtpUrl);
  const transport = createTransport({
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    ...server,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // A message is text; nothing in it may make Usher read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  transport.on("error", (error: Error) => log.warn({ error: error.message }, "a connection to the mail server broke"));
  const domain = /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? "localhost";

  return {
    async send({ id, to, subject, text, html }) {
      try {
        const sent = await transport.sendMail({
          from,
          to: { name: "", address: to },
          subject,
          text,
          html,
          messageId: `<${id}@${domain}>`,
          // RFC 3834: no vacation notice answers it.
          headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
        });
        return { outcome: "sent", statusCode: codeIn(sent.response), error: null };
      } catch (error) {
        return judge(error, server.host);
      }
    },
    async close() {
      transport.close();
    },
  };
}

function readSmtpUrl(text: string) {
  const url = new URL(text);
  const isTlsFirst = url.protocol === "smtps:";
  const isClear = url.searchParams.get("tls") === "off";
  const port = url.port === "" ? (isTlsFirst ? 465 : 587) : Number(url.port);
  const auth =
    url.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } };
  const tls = isTlsFirst ? { secure: true } : isClear ? { secure: false, ignoreTLS: true } : { requireTLS: true };
  return { host: url.hostname, port, ...tls, ...auth };
}

function codeIn(response: string | undefined): number | null {
  const code = Number(response?.slice(0, 3));
  return Number.isInteger(code) && code >= 200 ? code : null;
}

interface SmtpError {
  /** nodemailer's word for where it failed. */
  code?: string;
  responseCode?: number;
  response?: string;
}

/** Nodemailer, "Errors": EENVELOPE and EMESSAGE are of this message, all others of the server or the way to it. */
function judge(thrown: unknown, host: string): SendOutcome {
  const { code = "", responseCode = null, response } = thrown as SmtpError;
  const answered = response ? ` It answered: ${response.slice(0, 300)}` : "";
  const isOfMessage = code === "EENVELOPE" || code === "EMESSAGE";
  if (isOfMessage && (responseCode === null || responseCode >= 500)) {
    return { outcome: "failed", statusCode: responseCode, error: `The mail server does not take it.${answered}` };
  }
  if (isOfMessage) {
    const error = `The mail server does not take it now.${answered}`;
    return { outcome: "later", statusCode: responseCode, error, isForAll: false };
  }
  return { outcome: "later", statusCode: responseCode, error: `${wordsOf(thrown, host)}${answered}`, isForAll: true };
}

function wordsOf(thrown: unknown, host: string): string {
  const { code = "" } = thrown as SmtpError;
  const message = messageOf(thrown);
  if (code === "EAUTH" || code === "ENOAUTH") {
    return `The mail server ${host} does not take the user and password of USHER_SMTP_URL.`;
  }
  if (/certificate|self.signed|CERT_|altnames/i.test(message)) {
    return (
      `The mail server ${host} showed a certificate that this machine does not trust (${message}). Where a company's ` +
      "own authority signed it, name that by NODE_EXTRA_CA_CERTS."
    );
  }
  if (code === "ETLS") return `The mail server ${host} offers no TLS, and nothing is sent in the clear (${message}).`;
  if (code === "EDNS" || code === "ENOTFOUND") return `There is no mail server by the name ${host}.`;
  return `The mail server ${host} cannot be reached (${message}).`;
}
