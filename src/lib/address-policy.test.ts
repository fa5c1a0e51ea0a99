import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createAddressPolicy, isPublicAddress } from "./address-policy.ts";

describe("addresses that a webhook may go to", () => {
  it("are those that anybody can reach", () => {
    for (const address of ["8.8.8.8", "104.192.136.1", "2600:1f18::1", "2a01:4f8::1"]) {
      assert.ok(isPublicAddress(address), address);
    }
  });

  it("are never of this machine, of a private network, of a link or of a cloud's metadata", () => {
    const internal =
      "127.0.0.1 127.8.8.8 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 198.18.0.1 224.0.0.1 255.255.255.255 :: ::1 fe80::1 fc00::1 fd00:ec2::254 ff02::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 2002:7f00:1:: 2001:db8::1 ::7f00:1";
    for (const address of [...internal.split(" "), "not an address"]) assert.ok(!isPublicAddress(address), address);
  });

  it("may be internal where they are allowed by name, by address or by network", () => {
    const policy = createAddressPolicy(["flows.acme.internal", "10.1.2.3", "192.168.0.0/16", "fd00:1::/32"]);

    assert.ok(policy.mayReach("flows.acme.internal", "10.9.9.9"));
    assert.ok(policy.mayReach("FLOWS.acme.internal", "10.9.9.9"));
    assert.ok(policy.mayReach("any.example", "10.1.2.3"));
    assert.ok(policy.mayReach("any.example", "192.168.7.7"));
    assert.ok(policy.mayReach("any.example", "fd00:1::5"));
    assert.ok(!policy.mayReach("any.example", "10.1.2.4"));
    assert.ok(!policy.mayReach("evil.flows.acme.internal", "10.9.9.9"));
    assert.deepEqual([policy.isAllowedHost("192.168.0.1"), policy.isAllowedHost("8.8.8.8")], [true, false]);
  });
});
