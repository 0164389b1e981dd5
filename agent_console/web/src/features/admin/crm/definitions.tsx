// What an administrator defines for the customer side.
import { Stack } from "@mantine/core";
import { FieldDefinitions } from "./field_definitions";
import { TextDefinitions } from "./text_definitions";

export function Definitions() {
  return (
    <Stack>
      <FieldDefinitions />
      <TextDefinitions />
    </Stack>
  );
}
