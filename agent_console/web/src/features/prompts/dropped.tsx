// Several files at once: each with the prompt and language read from its name, to be corrected; each goes
// up by itself, and each tells how it fared. What was refused can be tried again.
import {
  Alert,
  Button,
  Group,
  Modal,
  ScrollArea,
  Select,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "@/components/feedback";
import { type PromptVersion, putPrompt, uploadSound } from "@/wire/sound";
import { fromFileName, isPromptId } from "./prompt_id";
import { warningText } from "./warnings";

const FILES_MAX = 50;

interface Line {
  file: File;
  id: string;
  language: string;
  made: PromptVersion | null;
  error: string | null;
}

export function Dropped({
  files,
  languages,
  onClose,
}: {
  files: File[];
  languages: string[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const errorText = useErrorText();
  const choices = [...new Set([...languages, "en", "zh"])].sort();
  const [busy, setBusy] = useState(false);
  const [lines, setLines] = useState<Line[]>(() =>
    files.slice(0, FILES_MAX).map((file) => {
      const { id, language } = fromFileName(file.name, choices);
      return { file, id, language: language ?? choices[0] ?? "en", made: null, error: null };
    }),
  );
  const change = (at: number, values: Partial<Line>) =>
    setLines((now) => now.map((line, index) => (index === at ? { ...line, ...values } : line)));
  const ready = lines.some(({ made }) => made === null) && lines.every(({ id }) => isPromptId(id));
  const send = async () => {
    setBusy(true);
    for (const [at, { file, id, language, made }] of lines.entries()) {
      if (made !== null) continue;
      try {
        const known = await client.ensureQueryData<{ items: { id: string }[] }>({
          queryKey: ["prompts"],
        });
        if (!known.items.some((one) => one.id === id)) await putPrompt(id, "");
        const upload = { prompt: id, language, kind: "upload" as const, text: "", note: "" };
        change(at, {
          made: await uploadSound(file, { ...upload, name: file.name }),
          error: null,
        });
      } catch (problem) {
        change(at, { error: errorText(problem) });
      }
      await client.invalidateQueries({ queryKey: ["prompts"] });
    }
    setBusy(false);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("sound.uploadFiles")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {files.length > FILES_MAX && <Alert color="orange">{t("sound.tooMany")}</Alert>}
      <ScrollArea>
        <Table miw={560} verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("sound.file")}</Table.Th>
              <Table.Th>{t("sound.id")}</Table.Th>
              <Table.Th>{t("sound.language")}</Table.Th>
              <Table.Th>{t("sound.result")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map((line, at) => (
              <Table.Tr key={`${line.file.name} ${line.file.size} ${line.file.lastModified}`}>
                <Table.Td className="cc-break">{line.file.name}</Table.Td>
                <Table.Td>
                  <TextInput
                    aria-label={`${t("sound.id")} ${line.file.name}`}
                    value={line.id}
                    disabled={line.made !== null}
                    error={isPromptId(line.id) ? null : t("sound.idRule")}
                    onChange={(event) => change(at, { id: event.currentTarget.value.trim() })}
                  />
                </Table.Td>
                <Table.Td>
                  <Select
                    aria-label={`${t("sound.language")} ${line.file.name}`}
                    w={90}
                    data={choices}
                    value={line.language}
                    disabled={line.made !== null}
                    allowDeselect={false}
                    onChange={(language) => language && change(at, { language })}
                  />
                </Table.Td>
                <Table.Td>
                  <Result line={line} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t("action.close")}
        </Button>
        <Button loading={busy} disabled={!ready} onClick={() => void send()}>
          {t("sound.upload")}
        </Button>
      </Group>
    </Modal>
  );
}

function Result({ line }: { line: Line }) {
  const { t } = useTranslation();
  if (line.error !== null) {
    return (
      <Text size="sm" c="red" role="alert">
        {line.error}
      </Text>
    );
  }
  if (line.made === null) return null;
  const said = line.made.warnings.map((one) => warningText(t, one)).join(" ");
  return (
    <Text size="sm" role="status">
      {`${t("sound.taken", { seconds: line.made.seconds.toFixed(1) })} ${said}`}
    </Text>
  );
}
