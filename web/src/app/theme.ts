import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";
import { s } from "@/ui/strings";

const accent: MantineColorsTuple = [
  "#eef1fb", "#dbe1f4", "#b4c0ea", "#8a9de1", "#677fd9", "#506cd5", "#4562d3", "#3652bb", "#2e49a8", "#233e94",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 5 },
  colors: { accent },
  autoContrast: true,
  defaultRadius: 6,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  headings: { fontWeight: "600" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { styles: { root: { fontWeight: 500, fontSize: 14 } } },
    Loader: { defaultProps: { role: "status" } },
    Modal: { defaultProps: { closeButtonProps: { "aria-label": s.common.close } } },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": s.common.close } } },
  },
});

/** Mantine's own parts take our tokens, so that light and dark are equals everywhere. */
const ours = {
  "--mantine-color-body": "var(--lw-surface)",
  "--mantine-color-text": "var(--lw-ink)",
  "--mantine-color-dimmed": "var(--lw-quiet)",
  "--mantine-color-placeholder": "var(--lw-quiet)",
  "--mantine-color-default": "var(--lw-surface)",
  "--mantine-color-default-hover": "var(--lw-sunken)",
  "--mantine-color-default-color": "var(--lw-ink)",
  "--mantine-color-default-border": "var(--lw-line-strong)",
};

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: ours, dark: ours });
