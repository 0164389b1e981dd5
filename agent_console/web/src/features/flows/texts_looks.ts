// What both halves of the texts' dialog show alike.
import type { TextState } from "@/wire/texts";

export const STATES: TextState[] = ["waiting", "sent", "refused", "given-up"];
export const COLOURS: Record<TextState, string> = {
  waiting: "yellow",
  sent: "green",
  refused: "red",
  "given-up": "red",
};

export const EXAMPLE_URL = "https://sms.example.com/send";
