import { expect, test } from "vitest";
import { complete } from "./link";

test("a link without a host gets the origin of the page", () => {
  expect(complete("/link#a_b-c", "http://192.168.1.5:8000")).toBe("http://192.168.1.5:8000/link#a_b-c");
});

test("a link with the base URL of the site stays as it is", () => {
  expect(complete("https://label.example.org/link#abc", "http://localhost:8000")).toBe("https://label.example.org/link#abc");
});
