import { expect, test } from "vitest";
import { fileName, toCsv } from "./download";

test("cells are quoted where they must be, and missing ones are empty", () => {
  const rows = [{ name: 'a "b", c', value: 0.5 }, { name: "=1+1", value: null }];
  expect(toCsv(["name", "value"], rows)).toBe('name,value\r\n"a ""b"", c",0.5\r\n\'=1+1,\r\n');
});

test("numbers below zero stay numbers", () => {
  expect(toCsv(["x"], [{ x: -1 }])).toBe("x\r\n-1\r\n");
});

test("a file's name is plain", () => {
  expect(fileName("Topics: calibration (90 %)", "csv")).toBe("topics-calibration-90.csv");
  expect(fileName("…", "svg")).toBe("table.svg");
});
