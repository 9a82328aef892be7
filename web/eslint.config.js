import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";
import imports from "./eslint-imports.js";

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
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  { files: ["*.js", "*.ts"], languageOptions: { globals: { process: "readonly", URL: "readonly" } } },
);
