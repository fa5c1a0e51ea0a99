import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { amountText, isCurrency, minorDigits, parseAmount, parseSteps, stepsText } from "./money.ts";

describe("an amount", () => {
  it("has as many digits behind the point as its currency", () => {
    assert.deepEqual(["USD", "JPY", "KWD"].map(minorDigits), [2, 0, 3]);
    assert.equal(parseAmount("6.5", "USD"), 650);
    assert.equal(parseAmount("655", "JPY"), 655);
    assert.equal(parseAmount("6.555", "KWD"), 6555);
    assert.equal(parseAmount("6.555", "USD"), null);
    assert.equal(parseAmount("6.5", "JPY"), null);
  });

  it("is no sign, no exponent and no grouping", () => {
    for (const text of ["-1", "1e3", "1,000.00", "", ".5", "$1"]) assert.equal(parseAmount(text, "USD"), null);
  });

  it("is written so that it reads back", () => {
    assert.equal(amountText(5, "USD"), "0.05");
    assert.equal(amountText(1234, "KWD"), "1.234");
    assert.equal(amountText(1234, "JPY"), "1234");
    assert.equal(amountText(-655, "EUR"), "-6.55");
  });

  it("is of a currency that is in use", () => {
    assert.ok(isCurrency("EUR") && isCurrency("KWD"));
    assert.ok(!isCurrency("XAU") && !isCurrency("eur") && !isCurrency("ABC"));
  });
});

describe("price steps as text", () => {
  it("read back as they were written", () => {
    const steps = [
      { upTo: 100, priceMinor: 655 },
      { upTo: null, priceMinor: 510 },
    ];

    assert.equal(stepsText(steps, "USD"), "100: 6.55; *: 5.10");
    assert.deepEqual(parseSteps(stepsText(steps, "USD"), "USD"), steps);
    assert.deepEqual(parseSteps("6.55", "USD"), [{ upTo: null, priceMinor: 655 }]);
    assert.equal(parseSteps("100: 6.55: 3", "USD"), null);
    assert.equal(parseSteps("", "USD"), null);
  });
});
