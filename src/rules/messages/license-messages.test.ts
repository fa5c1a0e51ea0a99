import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { capacityAlert } from "./capacity-alert.ts";
import { dueReminder, licenseRenewal } from "./license-renewal.ts";

const links = { page: (path: string) => `https://usher.example${path}`, signed: () => "" };

describe("a reminder of a renewal", () => {
  it("is due 90, 60, 30 and 7 days before, one that was missed with the next look", () => {
    assert.deepEqual([91, 90, 61, 60, 20, 7, 0, -1].map(dueReminder), [null, 90, 90, 60, 30, 7, 7, null]);
  });

  it("says whether it renews itself", () => {
    const data = {
      license: "Acme",
      licenseId: "license_0",
      sites: ["acme"],
      what: "renewal",
      on: "2027-03-01",
      daysLeft: 7,
    };

    assert.match(
      JSON.stringify(licenseRenewal.write({ ...data, autoRenew: true }, links)),
      /renews itself on 2027-03-01, in 7 days/,
    );
    assert.match(JSON.stringify(licenseRenewal.write({ ...data, autoRenew: false }, links)), /does not renew itself/);
  });
});

describe("a capacity alert", () => {
  it("says how many seats are used, and of how many where that is known", () => {
    const data = { site: "acme", siteId: "site_0", used: 430, owned: 500, threshold: 85, unit: "percent" };

    assert.equal(capacityAlert.write(data, links).subject, "acme: 430 of 500 seats are used");
    assert.equal(
      capacityAlert.write({ ...data, owned: null, unit: "seats" }, links).subject,
      "acme: 430 seats are used",
    );
  });
});
