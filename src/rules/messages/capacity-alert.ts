import type { MessageTemplate } from "./template.ts";

/** `data`: site, siteId, used, owned (or null), threshold, unit (`percent` or `seats`). */
export const capacityAlert: MessageTemplate = {
  kind: "capacity-alert",
  write(data, links) {
    const { site, siteId, used, owned, threshold } = data;
    const limit = data["unit"] === "percent" ? `${String(threshold)} %` : `${String(threshold)} seats`;
    const of = owned === null ? "" : ` of ${String(owned)}`;
    return {
      subject: `${String(site)}: ${String(used)}${of} seats are used`,
      parts: [
        { kind: "paragraph", text: `${String(site)} uses ${String(used)}${of} seats, which has reached ${limit}.` },
        { kind: "link", label: "See who could give one back", url: links.page(`/sites/${String(siteId)}/seats`) },
        { kind: "note", text: "You are told once, and again when it was less and is reached anew." },
      ],
    };
  },
};
