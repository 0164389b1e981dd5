// Choosing a prompt: search by id or name, see in which languages it can be heard, listen before choosing.
// For everything that plays a prompt (queues, consent, flows); pages that use it load the texts `sound`.
import { Badge, Group, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listPrompts, type PromptRead, promptSound } from "@/wire/sound";
import { Player } from "./player";

export const promptsQuery = { queryKey: ["prompts"], queryFn: listPrompts, staleTime: 15_000 };

const spoken = (prompt: PromptRead) => prompt.languages.filter(({ active }) => active !== null);

export function PromptPicker({
  label,
  value,
  onChange,
  description,
}: {
  label: string;
  value: string | null;
  onChange: (prompt: string | null) => void;
  description?: string;
}) {
  const { t } = useTranslation();
  const query = useQuery(promptsQuery);
  const prompts = (query.data?.items ?? []).filter(({ deleted }) => deleted === null);
  const chosen = prompts.find(({ id }) => id === value);
  const gone = value !== null && query.isSuccess && chosen === undefined;
  const data = prompts.map(({ id, name }) => ({ value: id, label: name ? `${id} · ${name}` : id }));
  if (gone) data.push({ value, label: value });
  return (
    <Stack gap={4}>
      <Select
        label={label}
        description={description}
        data={data}
        value={value}
        onChange={onChange}
        searchable
        clearable
        nothingFoundMessage={t("sound.noPrompts")}
        error={gone ? t("sound.promptGone") : query.isError ? t("error.unreachable") : null}
      />
      {chosen !== undefined && spoken(chosen).length === 0 && (
        <Text size="xs" c="dimmed">
          {t("sound.notRecorded")}
        </Text>
      )}
      {chosen !== undefined &&
        spoken(chosen).map(({ language, active }) => (
          <Group key={language} gap="xs" wrap="nowrap">
            <Badge variant="light" className="cc-badge">
              {language}
            </Badge>
            <Player
              source={promptSound(chosen.id, language, active ?? 0)}
              label={`${chosen.id} ${language}`}
            />
          </Group>
        ))}
    </Stack>
  );
}
