import { expect, it } from "vitest";
import { difference } from "./typical";

it("leaves what is near the typical value unmarked", () => {
  expect(difference(10, 10).direction).toBe(0);
  expect(difference(18, 10).text).toBe("");
});

it("says by how much a number differs", () => {
  expect(difference(30, 10)).toEqual({ strong: true, direction: 1, text: "3 times" });
  expect(difference(2, 10)).toEqual({ strong: true, direction: -1, text: "1/5" });
  expect(difference(-1, 10)).toEqual({ strong: false, direction: -1, text: "below" });
});

it("measures in spreads where the spread is known", () => {
  const age = { median: 50, spread: 10 };
  expect(difference(55, age)).toEqual({ strong: false, direction: 0, text: "" });
  expect(difference(62, age)).toEqual({ strong: false, direction: 1, text: "1.2 sd" });
  expect(difference(19, age)).toEqual({ strong: true, direction: -1, text: "3.1 sd" });
  expect(difference(51, { median: 50, spread: 0 }).text).toBe("");
});

it("reads numbers that a file held as text", () => {
  expect(difference("30", 10).text).toBe("3 times");
  expect(difference("12.0", "12").direction).toBe(0);
});

it("marks other words, and what is missing", () => {
  expect(difference("red", "blue").text).toBe("differs");
  expect(difference(null, 4).text).toBe("missing");
  expect(difference("red", "red").direction).toBe(0);
  expect(difference(5, undefined).direction).toBe(0);
});
