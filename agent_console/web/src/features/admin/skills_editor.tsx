// Skills with a level each: of an agent (how good he is) or of a ring (how good he must be).
import { ActionIcon, Button, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const SKILL = /^[a-z0-9_-]{1,32}$/;
const LEVEL_MAX = 10;

interface Props {
  label: string;
  hint: string;
  value: Record<string, number>;
  onChange: (skills: Record<string, number>) => void;
}

export function SkillsEditor({ label, hint, value, onChange }: Props) {
  const { t } = useTranslation();
  const [fresh, setFresh] = useState("");
  const name = fresh.trim().toLowerCase();
  const wrong = name !== "" && !SKILL.test(name);
  const add = () => {
    if (name === "" || wrong) return;
    onChange({ ...value, [name]: value[name] ?? 5 });
    setFresh("");
  };
  const remove = (skill: string) => {
    const { [skill]: _gone, ...rest } = value;
    onChange(rest);
  };
  return (
    <Stack gap={6} role="group" aria-label={label}>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      <Text size="xs" c="dimmed">
        {hint}
      </Text>
      {Object.entries(value)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([skill, level]) => (
          <Group key={skill} gap="xs" wrap="nowrap">
            <Text size="sm" flex={1} truncate>
              {skill}
            </Text>
            <NumberInput
              w={90}
              size="xs"
              min={0}
              max={LEVEL_MAX}
              clampBehavior="strict"
              allowDecimal={false}
              aria-label={t("admin.levelOf", { skill })}
              value={level}
              onChange={(next) => onChange({ ...value, [skill]: Number(next) || 0 })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("admin.removeSkill", { skill })}
              onClick={() => remove(skill)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <TextInput
          flex={1}
          size="xs"
          maxLength={32}
          placeholder={t("admin.newSkill")}
          aria-label={t("admin.newSkill")}
          error={wrong ? t("admin.skillWrong") : null}
          value={fresh}
          onChange={(event) => setFresh(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
          {t("admin.addSkill")}
        </Button>
      </Group>
    </Stack>
  );
}
