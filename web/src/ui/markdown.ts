/** Markdown to a small tree: enough for guidelines, and no HTML ever. Pure. */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "strong" | "em"; children: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "link"; href: string; children: Inline[] };

export type Block =
  | { kind: "heading"; level: number; children: Inline[] }
  | { kind: "paragraph"; children: Inline[] }
  | { kind: "quote"; children: Block[] }
  | { kind: "list"; ordered: boolean; start: number; items: Block[][] }
  | { kind: "code"; text: string }
  | { kind: "rule" }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] };

/** What is marked may have 300 characters, so that marks without an end cost time in proportion to the text. */
const INLINE =
  /(`{1,9})(.{1,300}?)\1|\*\*(.{1,300}?)\*\*|__(.{1,300}?)__|\*([^\s*](?:.{0,300}?[^\s*])?)\*|(?<![\w])_([^\s_](?:.{0,300}?[^\s_])?)_(?![\w])|\[([^\]]{0,300})\]\(([^()\s]{1,2000})\)/;
/** Quotes, lists and marks within each other, at most. */
const MAX_DEPTH = 12;
const ROW = /^\|.*\|\s*$/;
const UNDER_HEAD = /^\|(\s*:?-+:?\s*\|)+\s*$/;
const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;

export function inline(text: string, depth = 0): Inline[] {
  const out: Inline[] = [];
  let rest = text;
  while (rest !== "") {
    const match = depth < MAX_DEPTH ? INLINE.exec(rest) : null;
    if (!match) return [...out, { kind: "text", text: rest }];
    if (match.index > 0) out.push({ kind: "text", text: rest.slice(0, match.index) });
    out.push(marked(match, depth + 1));
    rest = rest.slice(match.index + match[0].length);
  }
  return out;
}

function marked(match: RegExpExecArray, depth: number): Inline {
  const [whole, , code, strong, strong2, em, em2, label, href] = match;
  if (code !== undefined) return { kind: "code", text: code.trim() };
  const bold = strong ?? strong2;
  if (bold !== undefined) return { kind: "strong", children: inline(bold, depth) };
  const italic = em ?? em2;
  if (italic !== undefined) return { kind: "em", children: inline(italic, depth) };
  if (href !== undefined && /^https?:\/\//i.test(href)) return { kind: "link", href, children: inline(label ?? href, depth) };
  return { kind: "text", text: label === undefined || label === "" ? whole : label };
}

export function markdown(source: string): Block[] {
  return blocks(source.replaceAll("\r\n", "\n").split("\n"), 0);
}

function blocks(lines: string[], depth: number): Block[] {
  const out: Block[] = [];
  if (depth > MAX_DEPTH) return [{ kind: "paragraph", children: [{ kind: "text", text: lines.join("\n") }] }];
  let at = 0;
  const line = () => lines[at] ?? "";
  while (at < lines.length) {
    const now = line();
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(now);
    if (now.trim() === "") at += 1;
    else if (heading) {
      out.push({ kind: "heading", level: (heading[1] ?? "#").length, children: inline(heading[2] ?? "") });
      at += 1;
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(now)) {
      out.push({ kind: "rule" });
      at += 1;
    } else if (now.startsWith("```")) out.push(fence());
    else if (now.startsWith(">")) out.push({ kind: "quote", children: blocks(take((l) => l.startsWith(">")).map((l) => l.replace(/^>\s?/, "")), depth + 1) });
    else if (ITEM.test(now)) out.push(list());
    else if (ROW.test(now) && UNDER_HEAD.test(lines[at + 1] ?? "")) out.push(table());
    else out.push({ kind: "paragraph", children: inline(take((l, n) => l.trim() !== "" && (n === 0 || !starts(l))).join("\n")) });
  }
  return out;

  function take(while_: (line: string, n: number) => boolean): string[] {
    const from = at;
    while (at < lines.length && while_(line(), at - from)) at += 1;
    return lines.slice(from, at);
  }

  function table(): Block {
    const [head = "", , ...rows] = take((l) => ROW.test(l));
    return { kind: "table", head: cells(head), rows: rows.map(cells) };
  }

  function fence(): Block {
    at += 1;
    const text = take((l) => !l.startsWith("```")).join("\n");
    at += 1;
    return { kind: "code", text };
  }

  function list(): Block {
    const first = ITEM.exec(line());
    const ordered = first?.[2] !== undefined;
    const indent = (first?.[1] ?? "").length;
    const items: Block[][] = [];
    while (at < lines.length) {
      const match = ITEM.exec(line());
      if (!match || (match[1] ?? "").length !== indent || (match[2] !== undefined) !== ordered) break;
      at += 1;
      const rest = take((l) => (l.trim() !== "" && /^\s/.test(l) && /^\s*/.exec(l)?.[0].length !== indent) || (l.trim() === "" && /^\s{2,}\S/.test(lines[at + 1] ?? "")));
      items.push(blocks([match[3] ?? "", ...rest.map((l) => l.replace(new RegExp(`^\\s{0,${indent + 4}}`), ""))], depth + 1));
      while (line().trim() === "" && ITEM.test(lines[at + 1] ?? "")) at += 1;
    }
    return { kind: "list", ordered, start: Number(first?.[2] ?? 1), items };
  }
}

/** The cells of a row; a bar that is part of a cell has a backslash before it. */
function cells(row: string): Inline[][] {
  return row
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((text) => inline(text.trim().replaceAll("\\|", "|")));
}

function starts(line: string): boolean {
  return /^(#{1,6}\s|>|```)/.test(line) || ITEM.test(line);
}
