import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";
import imports from "./eslint-imports.js";

// The site may lie below a path of its host, so an address of the API goes through onSite, or the client that knows it.
const addresses = ["JSXExpressionContainer", "CallExpression[callee.name='fetch']"].map((holder) => ({
  selector: `${holder} > TemplateLiteral > TemplateElement:first-child[value.raw=/^.api/]`,
  message: "Wrap the address in onSite().",
}));

export default ts.config(
  { ignores: ["dist", "node_modules", "src/api/schema.ts", "public"] },
  js.configs.recommended,
  ...ts.configs.strict,
  hooks.configs.flat["recommended-latest"],
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { imports },
    rules: {
      "imports/direction": "error",
      "max-lines": ["error", { max: 250 }],
      "no-console": "error",
      "no-restricted-syntax": ["error", ...addresses],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  { files: ["*.js", "*.ts"], languageOptions: { globals: { process: "readonly", URL: "readonly" } } },
);
