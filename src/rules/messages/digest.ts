import { writeNotice } from "../notifications/notices.ts";
import type { MessagePart, MessageTemplate } from "./template.ts";

/** What a digest was queued with: the newest items, and how many there were in all. */
export interface DigestData {
  items: { kind: string; data: Record<string, unknown>; at: string }[];
  total: number;
}

export const digest: MessageTemplate = {
  kind: "digest",
  write(data, links) {
    const { items, total } = data as unknown as DigestData;
    const lines = items.flatMap(({ kind, data: told, at }) => {
      const notice = writeNotice(kind, told);
      return notice ? [`${at.slice(0, 16).replace("T", " ")} UTC: ${notice.subject}. ${notice.says.join(" ")}`] : [];
    });
    const parts: MessagePart[] = [{ kind: "list", items: lines }];
    if (total > items.length)
      parts.push({ kind: "paragraph", text: `These are the newest ${items.length} of ${total}.` });
    parts.push({ kind: "link", label: "Open Usher", url: links.page("/") });
    parts.push({ kind: "note", text: "You get this once a day, on days when there is something to tell." });
    return { subject: total === 1 ? "Usher: 1 thing to know" : `Usher: ${total} things to know`, parts };
  },
};
