import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderMessage } from "./render.ts";

describe("a message", () => {
  it("says the same in text and in HTML", () => {
    const { subject, text, html } = renderMessage({
      subject: "Do you still need Confluence?",
      parts: [
        { kind: "paragraph", text: "You have not used it for 93 days." },
        { kind: "list", items: ["LEG", "Wiki of Sales"] },
        { kind: "link", label: "Keep my seat", url: "https://usher.example/l/check-in/abc?a=1&b=2" },
        { kind: "note", text: "You get this once." },
      ],
    });

    assert.equal(subject, "Do you still need Confluence?");
    assert.equal(
      text,
      "You have not used it for 93 days.\n\n- LEG\n- Wiki of Sales\n\nKeep my seat:\n" +
        "https://usher.example/l/check-in/abc?a=1&b=2\n\n-- \nYou get this once.\n",
    );
    for (const said of ["93 days", "LEG", "Wiki of Sales", "Keep my seat", "a=1&amp;b=2", "You get this once."]) {
      assert.ok(html.includes(said), said);
    }
  });

  it("cannot be given markup or another header by a name in it", () => {
    const evil = `<img src=x onerror="alert('1')">&\r\nBcc: all@acme.example`;

    const { subject, html } = renderMessage({
      subject: evil,
      parts: [
        { kind: "paragraph", text: evil },
        { kind: "list", items: [evil] },
        { kind: "link", label: evil, url: `https://usher.example/"onclick="x` },
        { kind: "note", text: evil },
      ],
    });

    assert.doesNotMatch(subject, /[\r\n]/);
    assert.doesNotMatch(html, /<img|onclick="x/);
  });

  it("cannot be turned round by a name in it, and keeps names written from right to left", () => {
    const name = "\u202Eevil\u2066 \u05D3\u05E0\u05D4";
    const said = renderMessage({ subject: `About ${name}`, parts: [{ kind: "paragraph", text: `Dear ${name},` }] });

    for (const text of [said.subject, said.text, said.html]) {
      assert.doesNotMatch(text, /[\u202A-\u202E\u2066-\u2069]/);
      assert.match(text, /evil \u05D3\u05E0\u05D4/);
    }
  });

  it("refuses a link that does not lead to the web", () => {
    const link = { kind: "link", label: "Click", url: "javascript:alert(1)" } as const;

    assert.throws(() => renderMessage({ subject: "A", parts: [link] }), /must be a web address/);
  });

  it("breaks long lines of text and leaves addresses whole", () => {
    const url = `https://usher.example/l/check-in/${"x".repeat(200)}`;
    const sentence = "It is about a seat. ".repeat(20);

    const { text } = renderMessage({
      subject: "A",
      parts: [
        { kind: "paragraph", text: sentence },
        { kind: "link", label: "Open", url },
      ],
    });

    assert.ok(text.includes(url));
    assert.ok(text.split("\n").every((line) => line.length <= 76 || line === url));
  });

  it("loads nothing from anywhere", () => {
    const { html } = renderMessage({ subject: "A", parts: [{ kind: "paragraph", text: "B" }] });

    assert.doesNotMatch(html, /<img|<link|<script|url\(|https?:/);
  });
});
