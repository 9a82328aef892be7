import { describe, expect, it } from "vitest";
import { around } from "./news";

const same = (text: string) => ({ change: "same" as const, text });
const added = (text: string) => ({ change: "added" as const, text });

describe("what is shown of changed guidelines", () => {
  it("is what changed, with the lines beside it", () => {
    const lines = [same("1"), same("2"), same("3"), added("4"), same("5"), same("6"), same("7")];
    expect(around(lines).map((line) => line.text)).toEqual(["…", "3", "4", "5", "…"]);
  });
  it("is everything where everything changed", () => {
    expect(around([added("1"), added("2")])).toHaveLength(2);
  });
});
