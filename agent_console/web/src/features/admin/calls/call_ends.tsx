// How calls end, what is asked for then, and the scripts that lead through them.
import { Stack } from "@mantine/core";
import { DispositionEditor } from "./disposition_editor";
import { FormDefinitions } from "./form_definitions";
import { Scripts } from "./script_editor";

export function CallEnds() {
  return (
    <Stack>
      <DispositionEditor />
      <FormDefinitions />
      <Scripts />
    </Stack>
  );
}
