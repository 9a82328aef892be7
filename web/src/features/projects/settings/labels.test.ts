import { expect, test } from "vitest";
import type { Question } from "@/api/types";
import { isChanged, move, problemOf, rowsOf } from "./labels";

const question = {
  id: "q_1",
  name: "Which topic?",
  open: false,
  labels: [
    { id: "l_1", name: "sport", key: null },
    { id: "l_2", name: "law", key: null },
  ],
} as unknown as Question;
const rows = rowsOf(question);

test("labels move within the list and no further", () => {
  expect(move(rows, 1, -1).map((row) => row.name)).toEqual(["law", "sport"]);
  expect(move(rows, 0, -1)).toEqual(rows);
  expect(move(rows, 1, 1)).toEqual(rows);
});

test("a form without a change is not saved", () => {
  expect(isChanged(question, " Which topic? ", rows, false)).toBe(false);
  expect(isChanged(question, "Which topic?", move(rows, 0, 1), false)).toBe(true);
  expect(isChanged(question, "Which topic?", [...rows, { id: null, name: "art", key: "n" }], false)).toBe(true);
  expect(isChanged(question, "Which topic?", rows, true)).toBe(true);
});

test("names must be there and distinct", () => {
  const twice = [...rows, { id: null, name: " law ", key: "n" }];
  expect(problemOf(twice, 1)).toBeNull();
  expect(problemOf(twice, 2)).toMatch("twice");
  expect(problemOf([{ id: null, name: " ", key: "n" }], 0)).not.toBeNull();
});
