/**
 * Imports run one way: shared folders -> features -> app, and no feature imports another.
 * Among the shared folders, ui and api import nothing else, actions imports ui, tasks and items import ui, actions and types,
 * site (where the site is served) is for all,
 * selection (what can be done with chosen items on several pages) imports ui and api.
 */
import path from "node:path";

const SHARED = {
  site: ["site"],
  ui: ["ui", "site"],
  api: ["api", "site"],
  actions: ["actions", "ui"],
  tasks: ["tasks", "site", "ui", "actions", "api/types"],
  items: ["items", "site", "ui", "actions", "api/types"],
  selection: ["selection", "site", "ui", "api"],
};

const src = path.join(import.meta.dirname, "src");

function resolve(from, request) {
  if (request.startsWith("@/")) return request.slice(2);
  if (request.startsWith(".")) return path.relative(src, path.resolve(path.dirname(from), request)).split(path.sep).join("/");
  return null; // a package
}

/** Why `from` (a path under src) may not import `to`, or null where it may. */
export function refuse(from, to) {
  const [folder, feature] = from.split("/");
  const [target, other] = to.split("/");
  if (folder === "app" || from === "main.tsx") return null;
  if (target === "app") return "only app/ joins features; nothing below imports it";
  if (folder === "features") {
    return target === "features" && other !== feature ? `feature '${feature}' must not import feature '${other}'` : null;
  }
  const allowed = SHARED[folder];
  if (!allowed) return null;
  return allowed.some((prefix) => to === prefix || to.startsWith(`${prefix}/`) || to.startsWith(`${prefix}.`))
    ? null
    : `${folder}/ may import only ${allowed.join(", ")}`;
}

const rule = {
  meta: { type: "problem", messages: { refused: "Import of '{{to}}' is against the direction of imports: {{why}}." } },
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

export default { rules: { direction: rule } };
