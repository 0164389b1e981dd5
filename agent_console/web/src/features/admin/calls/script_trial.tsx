// A script walked through as an agent would, and its versions with the way back.
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { stepAt } from "@/components/scripts/run";
import { ScriptStepView } from "@/components/scripts/script_step";
import { type Said, type Script, scriptVersions } from "@/wire/knowledge";

/** A walk through the draft, as an agent would see it. */
export function Trial({
  script,
  placeholders,
}: {
  script: Script;
  placeholders: readonly string[];
}) {
  const { t } = useTranslation();
  const [trail, setTrail] = useState<Said[]>([]);
  const step = stepAt(script, trail);
  const names = Object.fromEntries(placeholders.map((name) => [name, `[${name}]`]));
  return (
    <Stack>
      {step === null ? (
        <Text fw={600}>{t("script.over")}</Text>
      ) : (
        <ScriptStepView
          key={`${step.code} ${trail.length}`}
          step={step}
          names={names}
          onSaid={(answer) => setTrail([...trail, { step: step.code, answer }])}
        />
      )}
      <Group>
        <Button
          size="compact-sm"
          variant="subtle"
          disabled={trail.length === 0}
          onClick={() => setTrail(trail.slice(0, -1))}
        >
          {t("script.back")}
        </Button>
      </Group>
    </Stack>
  );
}

export function ScriptVersions({
  code,
  restore,
}: {
  code: string;
  restore: (number: number) => void;
}) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["script-versions", code],
    queryFn: () => scriptVersions(code),
  });
  if (query.data === undefined || query.data.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={4} size="h6">
        {t("knowledge.versions")}
      </Title>
      {query.data.map((version) => (
        <Group key={version.number} gap="xs">
          <Text size="sm" fw={600}>
            {t("knowledge.version", { number: version.number })}
          </Text>
          <Text size="sm" c="dimmed" flex={1}>
            {[version.by, version.note].filter(Boolean).join(" · ")}
          </Text>
          <Button size="compact-sm" variant="subtle" onClick={() => restore(version.number)}>
            {t("knowledge.restore")}
          </Button>
        </Group>
      ))}
    </Stack>
  );
}
