interface Receiver {
  to: string;
  how: "now" | "digest";
}

/** One receiver a line: `connection-owners`, `owner`, a role's name, or an e-mail address. */
export function readReceivers(text: string, how: Receiver["how"]): Receiver[] {
  const lines = text.split(/[\n,]/).map((line) => line.trim());
  return lines.filter(Boolean).map((line) => ({ to: receiverOf(line), how }));
}

export function receiversText(receivers: readonly Receiver[], how: Receiver["how"]): string {
  return receivers
    .filter((each) => each.how === how)
    .map(({ to }) => to.replace(/^(role|address):/, ""))
    .join("\n");
}

function receiverOf(line: string): string {
  if (line === "owner" || line === "connection-owners" || /^(role|address):/.test(line)) return line;
  return line.includes("@") ? `address:${line}` : `role:${line}`;
}
