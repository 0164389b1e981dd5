// How calls end, and what is asked for then.
import { Stack } from "@mantine/core";
import { DispositionEditor } from "./disposition_editor";
import { FormDefinitions } from "./form_definitions";

export function CallEnds() {
  return (
    <Stack>
      <DispositionEditor />
      <FormDefinitions />
    </Stack>
  );
}
