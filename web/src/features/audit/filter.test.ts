import { expect, test } from "vitest";
import { toAuditFilter } from "./filter";

test("the address says what is listed, and what it says wrongly is left out", () => {
  expect(toAuditFilter({ kind: "annotation", item: 12, by: "", until: null, other: "x" })).toEqual({ kind: "annotation", item: "12" });
});
