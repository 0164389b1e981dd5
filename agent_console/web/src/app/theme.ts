// The look: one accent colour, an own font with Chinese fall-backs, and dimmed text dark enough for
// WCAG AA (Mantine's own is not).
import {
  type CSSVariablesResolver,
  createTheme,
  DEFAULT_THEME,
  type MantineColorsTuple,
} from "@mantine/core";

/** The filled shade, dark enough for white letters. */
const filled = (name: "green" | "orange", shade: string): MantineColorsTuple => {
  const [a, b, c, d, e, f, g, h, i] = DEFAULT_THEME.colors[name];
  return [a, b, c, d, e, f, g, h, i, shade];
};

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: 9,
  colors: {
    green: filled("green", "#22783a"),
    orange: filled("orange", "#bf3f0b"),
    // Mantine's darker yellows are orange, which is another state's colour here.
    yellow: [
      "#fff9db",
      "#fff3bf",
      "#ffec99",
      "#ffe066",
      "#ffd43b",
      "#fcc419",
      "#fab005",
      "#f5b301",
      "#f2b200",
      "#f0b000",
    ],
  },
  autoContrast: true,
  // Where black and white have the same contrast: the better of the two is taken.
  luminanceThreshold: 0.179,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily:
    '"Inter Variable", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", system-ui, sans-serif',
  headings: { fontWeight: "650" },
  components: {
    // The first thing to do has the focus, as a menu should, not an empty element that no menu may have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // Mantine's grey for the text below a title cannot be read well enough.
    Notification: { styles: { description: { color: "var(--mantine-color-dimmed)" } } },
  },
});

/** Under the mouse Mantine takes a lighter shade, on which white letters cannot be read: a darker one. */
const UNDER_MOUSE = {
  "--mantine-color-teal-filled-hover": "#066b4c",
  "--mantine-color-green-filled-hover": "#1b632f",
  "--mantine-color-orange-filled-hover": "#a53609",
};

export const cssVariables: CSSVariablesResolver = (base) => ({
  variables: {},
  light: {
    ...UNDER_MOUSE,
    "--mantine-color-error": base.colors.red[9],
    "--mantine-color-dimmed": base.colors.gray[7],
    "--mantine-color-placeholder": base.colors.gray[6],
    "--mantine-color-body": "#ffffff",
    // Text on its own light tint: Mantine's choice is below 4.5 : 1 for these.
    "--mantine-color-yellow-light-color": "#6b4e00",
    "--mantine-color-orange-light-color": "#9c3d00",
    "--mantine-color-green-light-color": "#1d6b2f",
    "--mantine-color-teal-light-color": "#05664a",
    "--mantine-color-red-light-color": "#b02525",
    "--mantine-color-gray-outline": base.colors.gray[7],
    "--cc-quiet-line": base.colors.gray[4],
    "--cc-page": "#f4f6f8",
    "--cc-line": base.colors.gray[3],
  },
  dark: {
    ...UNDER_MOUSE,
    "--mantine-color-error": base.colors.red[5],
    "--mantine-color-dimmed": base.colors.dark[1],
    "--mantine-color-placeholder": base.colors.dark[2],
    "--mantine-color-yellow-light": "#463707",
    "--cc-quiet-line": base.colors.dark[3],
    "--cc-page": "#17191d",
    "--cc-line": base.colors.dark[4],
  },
});
