import { expect, it } from "vitest";
import { NoImage, Shelf } from "./shelf";

/** A server of images of given sizes; `kept` is what the browser holds. */
function shop(sizes: Record<string, number>) {
  const kept = new Set<string>();
  const asked: string[] = [];
  const there = {
    online: true,
    kept,
    asked,
    fetch: (url: string) => {
      asked.push(url);
      if (!there.online) return Promise.reject(new TypeError("network"));
      const size = sizes[url];
      return size === undefined ? Promise.reject(new NoImage()) : Promise.resolve(new Blob(["x".repeat(size)]));
    },
    keep: (blob: Blob) => {
      const name = `blob:${asked.length}-${kept.size}-${blob.size}`;
      kept.add(name);
      return name;
    },
    drop: (name: string) => kept.delete(name),
  };
  return there;
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

it("holds what is wanted, gives its address, and lets go of the rest", async () => {
  const there = shop({ a: 1, b: 1, c: 1 });
  const shelf = new Shelf(there, 100);
  shelf.want(["a", "b", "a"]);
  expect(shelf.source("a")).toBe("a");
  await settle();
  expect(shelf.source("a")).toMatch(/^blob:/);
  shelf.want(["b", "c"]);
  await settle();
  expect([shelf.has("a"), shelf.has("b"), shelf.has("c")]).toEqual([false, true, true]);
  expect(there.kept.size).toBe(2);
  expect(there.asked).toEqual(["a", "b", "c"]);
});

it("keeps within its bytes: what matters most stays, and nothing is fetched over and over", async () => {
  const there = shop({ a: 60, b: 60, c: 30 });
  const shelf = new Shelf(there, 100);
  shelf.want(["b"]);
  await settle();
  shelf.want(["a", "b", "c"]);
  await settle();
  shelf.want(["a", "b", "c"]);
  await settle();
  expect([shelf.has("a"), shelf.has("b"), shelf.has("c")]).toEqual([true, false, true]);
  expect(there.asked.filter((url) => url === "b")).toHaveLength(1);
});

it("stops where the network is gone and goes on when it is asked again", async () => {
  const there = shop({ a: 1, b: 1, c: 1, d: 1, e: 1 });
  const shelf = new Shelf(there, 100);
  there.online = false;
  shelf.want(["a", "b", "c", "d", "e"]);
  await settle();
  expect(there.asked.length).toBeLessThanOrEqual(3);
  there.online = true;
  shelf.want(["a", "b", "c", "d", "e"]);
  await settle();
  expect(["a", "b", "c", "d", "e"].every(shelf.has)).toBe(true);
});

it("asks once for an image that is not there, and goes on to the others", async () => {
  const there = shop({ b: 1 });
  const shelf = new Shelf(there, 100);
  shelf.want(["a", "b"]);
  await settle();
  shelf.want(["a", "b"]);
  await settle();
  expect(shelf.has("b")).toBe(true);
  expect(there.asked.filter((url) => url === "a")).toHaveLength(1);
});
