import { expect, it } from "vitest";
import { inline, markdown } from "./markdown";

it("reads headings, paragraphs and lists", () => {
  const tree = markdown("# One\n\ntwo\nlines\n\n- a\n- b\n  more\n\n1. x\n2. y\n\n> quoted\n\n---\n```\n<b>\n```");
  expect(tree.map((block) => block.kind)).toEqual(["heading", "paragraph", "list", "list", "quote", "rule", "code"]);
  expect(tree[2]).toMatchObject({ ordered: false, items: [[{}], [{ kind: "paragraph" }]] });
  expect(tree[3]).toMatchObject({ ordered: true, start: 1 });
});

it("nests lists", () => {
  expect(markdown("- a\n  - b\n- c")).toMatchObject([{ kind: "list", items: [[{ kind: "paragraph" }, { kind: "list" }], [{}]] }]);
});

it("reads tables, whose cells may hold a bar", () => {
  expect(markdown("| a | b |\n| --- | ---: |\n| x \\| y | **2** |\n\nafter")).toMatchObject([
    { kind: "table", head: [[{ text: "a" }], [{ text: "b" }]], rows: [[[{ text: "x | y" }], [{ kind: "strong" }]]] },
    { kind: "paragraph" },
  ]);
  expect(markdown("| no table |")).toMatchObject([{ kind: "paragraph" }]);
});

it("keeps HTML as text", () => {
  expect(markdown("<script>alert(1)</script>")).toEqual([
    { kind: "paragraph", children: [{ kind: "text", text: "<script>alert(1)</script>" }] },
  ]);
});

it("makes links of http only", () => {
  expect(inline("[a](https://example.org)")[0]).toMatchObject({ kind: "link", href: "https://example.org" });
  expect(inline("[a](javascript:alert(1))").some((node) => node.kind === "link")).toBe(false);
});

it("reads emphasis, but not inside words", () => {
  expect(inline("a **b** *c* `d` snake_case_name")).toEqual([
    { kind: "text", text: "a " },
    { kind: "strong", children: [{ kind: "text", text: "b" }] },
    { kind: "text", text: " " },
    { kind: "em", children: [{ kind: "text", text: "c" }] },
    { kind: "text", text: " " },
    { kind: "code", text: "d" },
    { kind: "text", text: " snake_case_name" },
  ]);
});

it.each([
  ["many marks", "*a* ".repeat(30_000)],
  ["marks without an end", "**a ".repeat(40_000)],
  ["code without an end", "`a ".repeat(60_000)],
  ["quotes within quotes", ">".repeat(20_000) + " a"],
  ["lists within lists", Array.from({ length: 2_000 }, (_, k) => " ".repeat(2 * (k % 90)) + "- a").join("\n")],
  ["marks within marks", "*a **b ".repeat(8_000) + "** *".repeat(8_000)],
])("reads hostile text in time: %s", (_, text) => {
  const began = performance.now();
  expect(markdown(text).length).toBeGreaterThan(0);
  expect(performance.now() - began).toBeLessThan(5_000);
});
