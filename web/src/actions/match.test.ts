import { describe, expect, it } from "vitest";
import { KEYS } from "./keys";
import { actionOf, bindingsOf, clash, shown } from "./match";

const press = (key: string, code: string, more = {}) => ({ key, code, ...more });

describe("actionOf", () => {
  it("takes digits by physical key, so that AZERTY works", () => {
    expect(actionOf(press("&", "Digit1"), ["label"])).toBe("choice.1");
    expect(actionOf(press("3", "Numpad3"), ["label"])).toBe("choice.3");
  });

  it("takes letters by layout, and by physical key where the layout has no latin letters", () => {
    expect(actionOf(press("f", "KeyF"), ["label"])).toBe("flag");
    expect(actionOf(press("а", "KeyF"), ["label"])).toBe("flag");
    expect(actionOf(press("z", "KeyY", { ctrlKey: true }), ["label"])).toBe("undo");
  });

  it("does nothing while a key is held down or text is composed", () => {
    expect(actionOf(press("1", "Digit1", { repeat: true }), ["label"])).toBeNull();
    expect(actionOf(press("1", "Digit1", { isComposing: true }), ["label"])).toBeNull();
  });

  it("knows no key with Alt, nor plain digits with Ctrl", () => {
    expect(actionOf(press("f", "KeyF", { altKey: true }), ["label"])).toBeNull();
    expect(actionOf(press("1", "Digit1", { ctrlKey: true }), ["label"])).toBeNull();
  });

  it("lets the innermost scope win", () => {
    expect(actionOf(press("ArrowLeft", "ArrowLeft"), ["global", "label", "grid"])).toBe("grid.left");
    expect(actionOf(press("ArrowLeft", "ArrowLeft"), ["global", "label"])).toBe("choice.previous");
  });

  it("finds ? on layouts where it needs Shift and where it stands elsewhere", () => {
    expect(actionOf(press("?", "Slash", { shiftKey: true }), ["global"])).toBe("help");
    expect(actionOf(press("?", "Minus", { shiftKey: true }), ["global"])).toBe("help");
  });

  it("follows what a person has remapped", () => {
    expect(actionOf(press("j", "KeyJ"), ["label"], { skip: ["j"] })).toBe("skip");
    expect(actionOf(press(" ", "Space"), ["label"], { skip: ["j"] })).toBeNull();
  });
});

describe("the table", () => {
  it("gives no two actions of one scope the same key", () => {
    for (const action of KEYS) for (const key of action.keys) expect(clash(action.id, key, {})?.id).toBeUndefined();
  });

  it("names each action once", () => {
    expect(new Set(KEYS.map((action) => action.id)).size).toBe(KEYS.length);
  });
});

it("writes presses and key caps", () => {
  expect(bindingsOf(press("!", "Digit1", { shiftKey: true }))).toEqual(["Shift+1"]);
  expect(shown("Mod+z")).toBe("Ctrl z");
  expect(shown("Shift+1")).toBe("⇧ 1");
  expect(shown("+")).toBe("+");
});

it("leaves letters to the search of labels, and takes actions with Alt", () => {
  expect(actionOf(press("f", "KeyF"), ["label"], {}, true)).toBeNull();
  expect(actionOf(press("ƒ", "KeyF", { altKey: true }), ["label"], {}, true)).toBe("flag");
  expect(actionOf(press("z", "KeyZ", { ctrlKey: true }), ["label"], {}, true)).toBe("undo");
  expect(actionOf(press("1", "Digit1"), ["label"], {}, true)).toBe("choice.1");
  expect(actionOf(press("f", "KeyF", { altKey: true }), ["label"])).toBeNull();
});
