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
  | { kind: "rule" };

const INLINE = /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|\*([^\s*](?:.*?[^\s*])?)\*|(?<![\w])_([^\s_](?:.*?[^\s_])?)_(?![\w])|\[([^\]]*)\]\(([^()\s]+)\)/;
const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;

export function inline(text: string): Inline[] {
  const match = INLINE.exec(text);
  if (!match) return text === "" ? [] : [{ kind: "text", text }];
  const [whole, , code, strong, strong2, em, em2, label, href] = match;
  const before = inline(text.slice(0, match.index));
  const after = inline(text.slice(match.index + whole.length));
  return [...before, ...node(), ...after];

  function node(): Inline[] {
    if (code !== undefined) return [{ kind: "code", text: code.trim() }];
    const bold = strong ?? strong2;
    if (bold !== undefined) return [{ kind: "strong", children: inline(bold) }];
    const italic = em ?? em2;
    if (italic !== undefined) return [{ kind: "em", children: inline(italic) }];
    if (href !== undefined && /^https?:\/\//i.test(href)) return [{ kind: "link", href, children: inline(label ?? href) }];
    return [{ kind: "text", text: label === undefined || label === "" ? whole : label }];
  }
}

export function markdown(source: string): Block[] {
  return blocks(source.replaceAll("\r\n", "\n").split("\n"));
}

function blocks(lines: string[]): Block[] {
  const out: Block[] = [];
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
    else if (now.startsWith(">")) out.push({ kind: "quote", children: blocks(take((l) => l.startsWith(">")).map((l) => l.replace(/^>\s?/, ""))) });
    else if (ITEM.test(now)) out.push(list());
    else out.push({ kind: "paragraph", children: inline(take((l, n) => l.trim() !== "" && (n === 0 || !starts(l))).join("\n")) });
  }
  return out;

  function take(while_: (line: string, n: number) => boolean): string[] {
    const from = at;
    while (at < lines.length && while_(line(), at - from)) at += 1;
    return lines.slice(from, at);
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
      items.push(blocks([match[3] ?? "", ...rest.map((l) => l.replace(new RegExp(`^\\s{0,${indent + 4}}`), ""))]));
      while (line().trim() === "" && ITEM.test(lines[at + 1] ?? "")) at += 1;
    }
    return { kind: "list", ordered, start: Number(first?.[2] ?? 1), items };
  }
}

function starts(line: string): boolean {
  return /^(#{1,6}\s|>|```)/.test(line) || ITEM.test(line);
}
