import { describe, expect, it } from "vitest";
import { marked, wordsOf } from "./words";

const found = (text: string, typed: string) => marked(text, wordsOf(typed)).filter((part) => part.marked).map((part) => part.text);

describe("marked words", () => {
  it("are found whatever their case, and only whole", () => {
    expect(found("The Lease ends; the release does not.", "lease, ends")).toEqual(["Lease", "ends"]);
  });
  it("may hold several words and signs that mean something elsewhere", () => {
    expect(found("See § 5 (a): 30 days, or 30 days.", "30 days, § 5 (a)")).toEqual(["§ 5 (a)", "30 days", "30 days"]);
  });
  it("prefer the longer of two that begin alike", () => {
    expect(found("force majeure", "force, force majeure")).toEqual(["force majeure"]);
  });
  it("leave a text whole where there is none", () => {
    expect(marked("abc", wordsOf(" , "))).toEqual([{ text: "abc", marked: false }]);
    expect(marked("", ["x"])).toEqual([{ text: "", marked: false }]);
  });
  it("find letters beyond ASCII", () => {
    expect(found("Über die Übergabe", "über")).toEqual(["Über"]);
  });
});
