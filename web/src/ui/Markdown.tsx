/** Shows Markdown as React nodes; what is searched for is marked. */
import { Fragment, useMemo, type ReactNode } from "react";
import { markdown, type Block, type Inline } from "./markdown";
import css from "./markdown.module.css";

export function Markdown({ source, search = "" }: { source: string; search?: string }) {
  const tree = useMemo(() => markdown(source), [source]);
  return <div className={css.prose}>{tree.map((block, i) => show(block, i, search))}</div>;
}

function show(block: Block, key: number, search: string): ReactNode {
  switch (block.kind) {
    case "heading": {
      const Tag = block.level <= 1 ? "h3" : "h4";
      return <Tag key={key}>{flow(block.children, search)}</Tag>;
    }
    case "paragraph":
      return <p key={key}>{flow(block.children, search)}</p>;
    case "quote":
      return <blockquote key={key}>{block.children.map((child, i) => show(child, i, search))}</blockquote>;
    case "code":
      return <pre key={key}>{mark(block.text, search)}</pre>;
    case "rule":
      return <hr key={key} />;
    case "table":
      return (
        <div key={key} className={css.table} tabIndex={0} role="region" aria-label={block.head.map(plain).join(", ")}>
          <table>
            <thead>
              <tr>
                {block.head.map((cell, i) => (
                  <th key={i} scope="col">
                    {flow(cell, search)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, i) => (
                <tr key={i}>
                  {row.map((cell, j) => (
                    <td key={j}>{flow(cell, search)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case "list": {
      const items = block.items.map((item, i) => <li key={i}>{item.map((child, j) => show(child, j, search))}</li>);
      return block.ordered ? (
        <ol key={key} start={block.start}>
          {items}
        </ol>
      ) : (
        <ul key={key}>{items}</ul>
      );
    }
  }
}

/** The words of a cell without its marks. */
function plain(nodes: Inline[]): string {
  return nodes.map((node) => ("text" in node ? node.text : plain(node.children))).join("");
}

function flow(nodes: Inline[], search: string): ReactNode {
  return nodes.map((node, i) => {
    switch (node.kind) {
      case "text":
        return <Fragment key={i}>{mark(node.text, search)}</Fragment>;
      case "code":
        return <code key={i}>{mark(node.text, search)}</code>;
      case "strong":
        return <strong key={i}>{flow(node.children, search)}</strong>;
      case "em":
        return <em key={i}>{flow(node.children, search)}</em>;
      case "link":
        return (
          <a key={i} href={node.href} target="_blank" rel="noopener noreferrer">
            {flow(node.children, search)}
          </a>
        );
    }
  });
}

/** Text with every occurrence of the search marked. */
export function mark(text: string, search: string): ReactNode {
  const needle = search.trim().toLowerCase();
  if (needle === "") return text;
  const out: ReactNode[] = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, from)) {
    out.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + needle.length)}</mark>);
    from = at + needle.length;
  }
  return [...out, text.slice(from)];
}
