import { expect, it } from "vitest";
import { NOTHING, ofRequest, starts, toStartFrom } from "./startFrom";

it("sends a project with its snapshot, a file with its column, or nothing", () => {
  expect(toStartFrom(NOTHING)).toBeNull();
  expect(toStartFrom({ ...NOTHING, project: "reviews", snapshot: " v1 " })).toEqual({ project: "reviews", snapshot: "v1" });
  expect(toStartFrom({ ...NOTHING, upload: { id: "u_1", name: "old.csv" } })).toEqual({ upload_id: "u_1", label: null });
});

it("comes back from a request that failed", () => {
  expect(starts(ofRequest(null))).toBe(false);
  expect(ofRequest({ project: "reviews", snapshot: "v1" })).toMatchObject({ project: "reviews", snapshot: "v1", upload: null });
  expect(ofRequest({ upload_id: "u_1", label: "y" })).toMatchObject({ project: null, upload: { id: "u_1" }, label: "y" });
});
