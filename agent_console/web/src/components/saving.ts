// One way to carry something out on a page of lists: they are read again, a refusal is said.
import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";

export function useSaving(queryKey: QueryKey): {
  save: (work: () => Promise<unknown>) => Promise<boolean>;
  saving: boolean;
} {
  const client = useQueryClient();
  const words = useErrorText();
  const [saving, setSaving] = useState(false);
  const save = async (work: () => Promise<unknown>) => {
    setSaving(true);
    try {
      await work();
      return true;
    } catch (problem) {
      notify({ color: "red", message: words(problem) });
      return false;
    } finally {
      setSaving(false);
      await client.invalidateQueries({ queryKey });
    }
  };
  return { save, saving };
}
