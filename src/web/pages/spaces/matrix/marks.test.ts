import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { marksOf } from "./marks.ts";
import { columnsFor, heldColumns } from "./operations.ts";

const NOTHING = { operations: [], permissions: [], canRead: false, canAdminister: false };

function holding(...pairs: string[]) {
  const operations = pairs.map((pair) => {
    const [key = "", target = ""] = pair.split("/");
    return { key, target };
  });
  return { ...NOTHING, operations };
}

describe("rights in columns", () => {
  it("lay Cloud's and Data Center's names of one right into one column", () => {
    assert.deepEqual([...heldColumns(holding("delete/space", "restrict_content/space"))], ["deleteOwn", "restrict"]);
    assert.deepEqual([...heldColumns(holding("delete_own/space", "restrict/space"))], ["deleteOwn", "restrict"]);
  });

  it("know a right of a role however it is spelled", () => {
    for (const permission of ["create/page", "CREATE_PAGE", "page:create"]) {
      assert.deepEqual([...heldColumns({ ...NOTHING, permissions: [permission] })], ["addPage"]);
    }
  });

  it("keep a right that nobody knows, in a column of its own after the others", () => {
    const columns = columnsFor([holding("manage_public_links/space", "read/space")]);

    assert.deepEqual([columns.at(-1)?.id, columns.at(-1)?.label], ["manage_public_links/space", "manage public links"]);
    assert.equal(columnsFor([holding("read/space")]).length, columns.length - 1);
  });

  it("show the strongest way, and every group of that strength", () => {
    const right = holding("read/space");
    const marks = marksOf([
      { right, how: "everyone", through: "Everybody with a seat" },
      { right, how: "group", through: "finance" },
      { right, how: "group", through: "legal" },
    ]);
    assert.deepEqual(marks.get("view"), { how: "group", through: ["finance", "legal"] });

    const own = marksOf([
      { right, how: "direct", through: null },
      { right, how: "group", through: "finance" },
    ]);
    assert.deepEqual(own.get("view"), { how: "direct", through: [] });
    assert.equal(own.get("export"), undefined);
  });
});
