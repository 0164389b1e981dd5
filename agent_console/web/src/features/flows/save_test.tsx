// A simulated call that has come to an end can become a test case of the flow.
import { Button, Group, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Tried, TryStep } from "@/wire/flows";
import { edit, useFlow } from "./model/editor";
import { testFrom } from "./model/simulation";
import type { CallSetting } from "./simulator";

interface Props {
  tried: Tried;
  steps: TryStep[];
  call: CallSetting;
}

export function SaveTest({ tried, steps, call }: Props) {
  const { t } = useTranslation();
  const { tests } = useFlow();
  const [name, setName] = useState("");
  const [saved, setSaved] = useState(false);
  const made = testFrom(tried, { ...call, steps, name: name.trim() });
  if (made === null) return null;
  const taken = tests.some((test) => test.name === made.name);
  if (saved && taken) return <Text size="sm">{t("flow.testSaved", { name: made.name })}</Text>;
  return (
    <Group gap={6} align="flex-end">
      <TextInput
        size="xs"
        style={{ flex: 1 }}
        label={t("flow.testName")}
        maxLength={120}
        value={name}
        error={taken ? t("flow.testTaken") : undefined}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setSaved(false);
        }}
      />
      <Button
        size="xs"
        disabled={made.name === "" || taken}
        onClick={() => {
          edit("", (flow) => ({ ...flow, tests: [...flow.tests, made] }));
          setSaved(true);
        }}
      >
        {t("flow.saveTest")}
      </Button>
    </Group>
  );
}
