// How much fits on the screen: everything at its usual size, or a tenth smaller. Mantine multiplies all its
// lengths with this scale. Kept in this browser.
import { create } from "zustand";
import { read, write } from "./preferences";

export type Density = "usual" | "compact";

const KEY = "cc-density";
const SCALES: Record<Density, string> = { usual: "1", compact: "0.9" };

export const useDensity = create<{ density: Density }>(() => ({
  density: read(globalThis.localStorage, KEY) === "compact" ? "compact" : "usual",
}));

export function showDensity(): void {
  const { density } = useDensity.getState();
  document.documentElement.style.setProperty("--mantine-scale", SCALES[density]);
}

export function chooseDensity(density: Density): void {
  useDensity.setState({ density });
  write(globalThis.localStorage, KEY, density === "usual" ? null : density);
  showDensity();
}
