// A new prompt: its id, by which flows say it, and what people call it.
import { Button, Modal, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { putPrompt } from "@/wire/sound";
import { isPromptId } from "./prompt_id";

export function NewPrompt({
  first,
  taken,
  onClose,
  onMade,
}: {
  first: string;
  taken: string[];
  onClose: () => void;
  onMade: (id: string) => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [id, setId] = useState(first);
  const [name, setName] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const wrong = id === "" || isPromptId(id) ? null : t("sound.idRule");
  const doubled = taken.includes(id) && id !== first ? t("sound.idTaken") : null;
  const make = async () => {
    setBusy(true);
    setError(null);
    try {
      await putPrompt(id, name);
      await client.invalidateQueries({ queryKey: ["prompts"] });
      onMade(id);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("sound.newPrompt")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t("sound.id")}
            description={t("sound.idHint")}
            data-autofocus
            maxLength={64}
            value={id}
            error={wrong ?? doubled}
            onChange={(event) => setId(event.currentTarget.value.trim())}
          />
          <TextInput
            label={t("sound.name")}
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {error !== null && <Failure error={error} />}
          <Button
            type="submit"
            loading={busy}
            disabled={id === "" || wrong !== null || doubled !== null}
          >
            {t("sound.create")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
