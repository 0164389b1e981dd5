// What every deed towards an agent needs: a reason, and one way to carry it out.
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";

export function useDeed(onDone: () => void) {
  const words = useErrorText();
  const [doing, setDoing] = useState(false);
  const run = async (work: () => Promise<unknown>) => {
    setDoing(true);
    try {
      await work();
      onDone();
    } catch (problem) {
      notify({ color: "red", message: words(problem) });
    } finally {
      setDoing(false);
    }
  };
  return { run, doing };
}

export function Why({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t("floor.why")}
      description={t("floor.whyHint")}
      required
      minLength={3}
      maxLength={300}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
