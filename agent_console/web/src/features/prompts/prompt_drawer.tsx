// One prompt: per language what callers hear, its versions with a way back, and three ways to make a new
// one: a file, the microphone, the speech maker.
import {
  Alert,
  Badge,
  Button,
  Drawer,
  Group,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { notify } from "@/components/notices";
import { Player } from "@/components/sound/player";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { duration, moment } from "@/state/format";
import { moment as momentOf } from "@/wire/record";
import {
  chooseVersion,
  deletePrompt,
  type PromptRead,
  type PromptVersion,
  promptSound,
  putPrompt,
  restorePrompt,
} from "@/wire/sound";
import { Making } from "./making";
import { warningText } from "./warnings";

export function PromptDrawer({
  prompt,
  languages,
  onClose,
}: {
  prompt: PromptRead | null;
  languages: string[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={prompt !== null}
      onClose={onClose}
      position="right"
      size="xl"
      title={<Text fw={650}>{prompt?.id ?? t("sound.prompt")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {prompt !== null && (
        <Detail key={prompt.id} prompt={prompt} languages={languages} onClose={onClose} />
      )}
    </Drawer>
  );
}

function Detail({
  prompt,
  languages,
  onClose,
}: {
  prompt: PromptRead;
  languages: string[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const choices = [...new Set([...languages, "en", "zh"])].sort();
  const [language, setLanguage] = useState(prompt.languages[0]?.language ?? choices[0] ?? "en");
  const [name, setName] = useState(prompt.name);
  const [error, setError] = useState<unknown>(null);
  const run = async (work: () => Promise<unknown>) => {
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem);
      return false;
    } finally {
      await client.invalidateQueries({ queryKey: ["prompts"] });
    }
    return true;
  };
  const remove = async () => {
    if (!(await run(() => deletePrompt(prompt.id)))) return;
    notify({ message: t("sound.deleted", { prompt: prompt.id }) });
    onClose();
  };
  const versions = prompt.languages.find((one) => one.language === language)?.versions ?? [];
  return (
    <Stack>
      {prompt.deleted !== null && (
        <Alert color="gray" title={t("sound.isDeleted")}>
          <Button size="xs" onClick={() => void run(() => restorePrompt(prompt.id))}>
            {t("sound.restore")}
          </Button>
        </Alert>
      )}
      <Group align="flex-end">
        <TextInput
          label={t("sound.name")}
          maxLength={200}
          value={name}
          flex={1}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={name === prompt.name}
          onClick={() => void run(() => putPrompt(prompt.id, name))}
        >
          {t("action.save")}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {prompt.used_in.length === 0
          ? t("sound.usedNowhere")
          : t("sound.usedAt", { places: prompt.used_in.join("; ") })}
      </Text>
      {error !== null && <Failure error={error} />}
      <Select
        label={t("sound.language")}
        data={choices}
        value={language}
        allowDeselect={false}
        w={140}
        onChange={(chosen) => chosen && setLanguage(chosen)}
      />
      <Making key={language} prompt={prompt.id} language={language} />
      <Title order={3} size="h5">
        {t("sound.versions")}
      </Title>
      {versions.length === 0 && <Text c="dimmed">{t("sound.noVersions")}</Text>}
      {versions.length > 0 && (
        <Versions
          prompt={prompt.id}
          language={language}
          versions={versions}
          onChoose={(version) => void run(() => chooseVersion(prompt.id, language, version))}
        />
      )}
      {prompt.deleted === null && (
        <Group justify="flex-end">
          <Button color="red" variant="light" onClick={() => void remove()}>
            {t("sound.delete")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Versions({
  prompt,
  language,
  versions,
  onChoose,
}: {
  prompt: string;
  language: string;
  versions: PromptVersion[];
  onChoose: (version: number | null) => void;
}) {
  const { t } = useTranslation();
  const spoken = useLanguage();
  return (
    <Table verticalSpacing="sm" data-testid="versions">
      <Table.Tbody>
        {versions.map((one) => (
          <Table.Tr key={one.version} data-version={one.version}>
            <Table.Td>
              <Group gap="xs">
                <Text fw={600}>{t("sound.version", { version: one.version })}</Text>
                {one.active && <Badge className="cc-badge">{t("sound.heardNow")}</Badge>}
                {!one.there && (
                  <Badge color="red" className="cc-badge">
                    {t("sound.stateLost")}
                  </Badge>
                )}
              </Group>
              <Text size="xs" c="dimmed">
                {[
                  t(`soundKind.${one.kind}`),
                  duration(one.seconds),
                  t("sound.loudness", { loudness: one.loudness.toFixed(1) }),
                  one.by_name,
                  moment(momentOf(one.created), serverNow(), spoken),
                  one.source_name,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </Text>
              {one.text && <Text size="sm">{one.text}</Text>}
              {one.warnings.map((warning) => (
                <Text key={warning} size="xs" c="orange.9">
                  {warningText(t, warning)}
                </Text>
              ))}
              {one.there && (
                <Player
                  source={promptSound(prompt, language, one.version)}
                  label={t("sound.listenTo", { version: one.version })}
                />
              )}
            </Table.Td>
            <Table.Td ta="end">
              <Button
                size="compact-sm"
                variant="default"
                disabled={!one.there && !one.active}
                aria-label={`${one.active ? t("sound.withdraw") : t("sound.use")} ${one.version}`}
                onClick={() => onChoose(one.active ? null : one.version)}
              >
                {one.active ? t("sound.withdraw") : t("sound.use")}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
