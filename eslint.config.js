// The scripts of the web map's page and their tests.
import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    rules: {
      eqeqeq: "error",
      "no-unused-vars": "error",
      "no-var": "error",
      "prefer-const": "error",
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["maps/page/*.js"],
    // No newer syntax: the page is opened in the browser that is there, and nothing translates it.
    languageOptions: { ecmaVersion: 2019, globals: { ...globals.browser, L: "readonly" } },
  },
  {
    files: ["tests/page/*.js", "eslint.config.js"],
    languageOptions: { globals: globals.node },
  },
];
