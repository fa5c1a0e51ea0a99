import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CliFailure, formatFailure } from "./failure.ts";
import { NO_COLORS } from "./output/colors.ts";

describe("a failure", () => {
  it("is told in up to four lines, without what has nothing to say", () => {
    const failure = new CliFailure("It is not there.", { next: "usher people list", requestId: "req_1" });

    assert.equal(
      formatFailure(failure, NO_COLORS),
      "error: It is not there.\ntry: usher people list\nrequest: req_1\n",
    );
  });

  it("lets no name from a source steer the terminal", () => {
    const failure = new CliFailure('"ann" may be several.', {
      next: "person_1 (\u001B[2JAnn\u0007)\n     person_2 (Ann)",
    });

    assert.equal(
      formatFailure(failure, NO_COLORS),
      'error: "ann" may be several.\ntry: person_1 (Ann )\n     person_2 (Ann)\n',
    );
  });
});
