// The look: one accent colour, an own font with Chinese fall-backs, and dimmed text dark enough for
// WCAG AA (Mantine's own is not).
import { type CSSVariablesResolver, createTheme } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily:
    '"Inter Variable", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", system-ui, sans-serif',
  headings: { fontWeight: "650" },
});

export const cssVariables: CSSVariablesResolver = (base) => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": base.colors.gray[7],
    "--mantine-color-placeholder": base.colors.gray[6],
    "--mantine-color-body": "#ffffff",
    "--cc-page": "#f4f6f8",
    "--cc-line": base.colors.gray[3],
  },
  dark: {
    "--mantine-color-dimmed": base.colors.dark[1],
    "--mantine-color-placeholder": base.colors.dark[2],
    "--cc-page": "#17191d",
    "--cc-line": base.colors.dark[4],
  },
});
