import type { MessageTemplate } from "./template.ts";

const EFFECTS: Readonly<Record<string, string>> = {
  "not-counted": "count in the license position again",
  "no-reclaim": "can be found and taken back by reclamation rules again",
  "no-review": "are asked about in access reviews again",
  "no-notify": "get messages again",
};

/** To the owner of an exclusion, once, before it expires. */
export const exclusionExpires: MessageTemplate = {
  kind: "exclusion-expires",
  write(data, links) {
    const name = String(data["name"]);
    const effects = Array.isArray(data["effects"]) ? data["effects"].map(String) : [];
    const day = String(data["expiresAt"]).slice(0, 10);
    return {
      subject: `The exclusion "${name}" expires on ${day}`,
      parts: [
        {
          kind: "paragraph",
          text: `The exclusion "${name}" expires on ${day} (UTC). It was made because: ${String(data["reason"])}`,
        },
        { kind: "paragraph", text: "From then on the seats that it catches" },
        { kind: "list", items: effects.map((each) => EFFECTS[each] ?? each) },
        { kind: "paragraph", text: "If the reason still holds, renew it. If not, there is nothing to do." },
        { kind: "link", label: "Look at the exclusion", url: links.page(`/exclusions/${String(data["ruleId"])}`) },
        { kind: "note", text: "You get this once, because you own the exclusion." },
      ],
    };
  },
};
