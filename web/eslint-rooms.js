/**
 * Imports run one way: shared rooms -> features -> app, and no feature knows another.
 * Inside the shared rooms: ui and api know nobody, actions knows ui, tasks and items know ui and types.
 */
import path from "node:path";

const SHARED = {
  ui: ["ui"],
  api: ["api"],
  actions: ["actions", "ui"],
  tasks: ["tasks", "ui", "actions", "api/types"],
  items: ["items", "ui", "actions", "api/types"],
};

const src = path.join(import.meta.dirname, "src");

function resolve(from, request) {
  if (request.startsWith("@/")) return request.slice(2);
  if (request.startsWith(".")) return path.relative(src, path.resolve(path.dirname(from), request)).split(path.sep).join("/");
  return null; // a package
}

/** Why `from` (a path under src) may not import `to`, or null where it may. */
export function refuse(from, to) {
  const [room, feature] = from.split("/");
  const [target, other] = to.split("/");
  if (room === "app" || from === "main.tsx") return null;
  if (target === "app") return "only app/ joins features; nothing below imports it";
  if (room === "features") {
    return target === "features" && other !== feature ? `feature '${feature}' must not import feature '${other}'` : null;
  }
  const allowed = SHARED[room];
  if (!allowed) return null;
  return allowed.some((prefix) => to === prefix || to.startsWith(`${prefix}/`) || to.startsWith(`${prefix}.`))
    ? null
    : `${room}/ may import only ${allowed.join(", ")}`;
}

const rule = {
  meta: { type: "problem", messages: { refused: "Import of '{{to}}' is against the order of rooms: {{why}}." } },
  create(context) {
    const check = (node) => {
      if (!node.source) return;
      const to = resolve(context.filename, String(node.source.value));
      const from = path.relative(src, context.filename).split(path.sep).join("/");
      if (to === null || from.startsWith("..")) return;
      const why = refuse(from, to);
      if (why) context.report({ node: node.source, messageId: "refused", data: { to, why } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: (node) => node.source.type === "Literal" && check(node),
    };
  },
};

export default { rules: { order: rule } };
