// All prompts: in which languages each can be heard, where it is said, what is missing; new ones by name or
// by dropping files on the page.
import {
  Alert,
  Badge,
  Button,
  Card,
  FileButton,
  Group,
  ScrollArea,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconMicrophone2, IconPlus, IconSearch, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { promptsQuery } from "@/components/sound/prompt_picker";
import type { PromptList, PromptRead } from "@/wire/sound";
import { Dropped } from "./dropped";
import { NewPrompt } from "./new_prompt";
import { PromptDrawer } from "./prompt_drawer";

export function PromptsPage() {
  const { t } = useTranslation();
  const query = useQuery(promptsQuery);
  const [open, setOpen] = useState<string | null>(null);
  const [creating, setCreating] = useState<string | null>(null);
  const [files, setFiles] = useState<File[]>([]);
  const [over, setOver] = useState(false);
  const [search, setSearch] = useState("");
  const [deleted, setDeleted] = useState(false);
  const found = (query.data?.items ?? []).filter(
    (one) =>
      (one.deleted !== null) === deleted &&
      `${one.id} ${one.name}`.toLowerCase().includes(search.trim().toLowerCase()),
  );
  const bin = query.data?.items.some((one) => one.deleted !== null) ?? false;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has the button beside it
    <div
      className={over ? "cc-drop cc-drop-over" : "cc-drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => event.currentTarget === event.target && setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        setFiles([...event.dataTransfer.files]);
      }}
    >
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            {t("page.prompts")}
          </Title>
          <Group gap="xs">
            <FileButton multiple accept="audio/*,.amr,.m4a,.webm" onChange={setFiles}>
              {(props) => (
                <Button {...props} variant="default" leftSection={<IconUpload size={16} />}>
                  {t("sound.upload")}
                </Button>
              )}
            </FileButton>
            <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating("")}>
              {t("sound.newPrompt")}
            </Button>
          </Group>
        </Group>
        <Text size="sm" c="dimmed">
          {t("sound.dropHint")}
        </Text>
        {query.data && <Missing list={query.data} onRecord={setCreating} onOpen={setOpen} />}
        {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
        {query.isPending && <Rows count={5} />}
        {query.data && (
          <Card withBorder>
            <Group mb="sm">
              <TextInput
                aria-label={t("sound.search")}
                placeholder={t("sound.search")}
                leftSection={<IconSearch size={16} />}
                value={search}
                onChange={(event) => setSearch(event.currentTarget.value)}
              />
              {(bin || deleted) && (
                <Button
                  variant={deleted ? "light" : "subtle"}
                  aria-pressed={deleted}
                  onClick={() => setDeleted(!deleted)}
                >
                  {t("sound.showDeleted")}
                </Button>
              )}
            </Group>
            {found.length === 0 ? (
              <Empty
                icon={IconMicrophone2}
                title={t(search ? "sound.noneFound" : "sound.none")}
                hint={t("sound.noneHint")}
              />
            ) : (
              <PromptTable prompts={found} languages={query.data.languages} onOpen={setOpen} />
            )}
          </Card>
        )}
      </Stack>
      {creating !== null && (
        <NewPrompt
          first={creating}
          taken={query.data?.items.map(({ id }) => id) ?? []}
          onClose={() => setCreating(null)}
          onMade={(id) => {
            setCreating(null);
            setOpen(id);
          }}
        />
      )}
      {files.length > 0 && (
        <Dropped
          files={files}
          languages={query.data?.languages ?? []}
          onClose={() => setFiles([])}
        />
      )}
      <PromptDrawer
        prompt={query.data?.items.find(({ id }) => id === open) ?? null}
        languages={query.data?.languages ?? []}
        onClose={() => setOpen(null)}
      />
    </div>
  );
}

function Missing({
  list,
  onRecord,
  onOpen,
}: {
  list: PromptList;
  onRecord: (id: string) => void;
  onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  if (list.missing.length === 0) return null;
  const known = new Set(list.items.filter(({ deleted }) => deleted === null).map(({ id }) => id));
  return (
    <Alert color="orange" title={t("sound.missing", { count: list.missing.length })}>
      <Stack gap={4}>
        {list.missing.slice(0, 20).map(({ prompt, language, flow }) => (
          <Group key={`${prompt} ${language} ${flow}`} gap="xs">
            <Text size="sm">{t("sound.missingIn", { prompt, language, flow })}</Text>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => (known.has(prompt) ? onOpen(prompt) : onRecord(prompt))}
            >
              {t("sound.recordIt")}
            </Button>
          </Group>
        ))}
      </Stack>
    </Alert>
  );
}

function PromptTable({
  prompts,
  languages,
  onOpen,
}: {
  prompts: PromptRead[];
  languages: string[];
  onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <ScrollArea>
      <Table highlightOnHover verticalSpacing="sm" miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("sound.prompt")}</Table.Th>
            <Table.Th>{t("sound.languages")}</Table.Th>
            <Table.Th>{t("sound.usedIn")}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {prompts.map((prompt) => (
            <Table.Tr key={prompt.id}>
              <Table.Td>
                <Text fw={600} className="cc-break">
                  {prompt.id}
                </Text>
                <Text size="xs" c="dimmed" lineClamp={2}>
                  {prompt.name}
                </Text>
              </Table.Td>
              <Table.Td>
                <Group gap={6}>
                  {languages.map((language) => (
                    <Coverage key={language} prompt={prompt} language={language} />
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>
                <Text size="sm">{t("sound.places", { count: prompt.used_in.length })}</Text>
              </Table.Td>
              <Table.Td ta="end">
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={t("sound.openPrompt", { prompt: prompt.id })}
                  onClick={() => onOpen(prompt.id)}
                >
                  {t("action.open")}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function Coverage({ prompt, language }: { prompt: PromptRead; language: string }) {
  const { t } = useTranslation();
  const found = prompt.languages.find((one) => one.language === language);
  const heard = found?.versions.find(({ active }) => active);
  const [color, word] =
    heard === undefined
      ? ["gray", t("sound.stateNone")]
      : heard.there
        ? ["green", t("sound.stateThere")]
        : ["red", t("sound.stateLost")];
  return (
    <Badge color={color} variant="light" className="cc-badge">
      {`${language}: ${word}`}
    </Badge>
  );
}
