// A plan from a file or pasted: looked at first, every mistake with its line, then taken in as a whole.
import {
  Alert,
  Button,
  FileButton,
  Group,
  List,
  Modal,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useKeptForm } from "@/state/kept_form";
import { importShifts, type ShiftImport } from "@/wire/shifts";
import { usePlanUndo } from "./plan_changes";

/** UTF-8, or what spreadsheets in China write. */
async function textOf(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

export function PlanImport({ today, onClose }: { today: string; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useErrorText();
  const client = useQueryClient();
  const undo = usePlanUndo();
  const kept = useKeptForm("shift-import", { text: "" });
  const [text, setText] = useState(kept.first.text);
  const [looked, setLooked] = useState<ShiftImport | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const put = (value: string) => {
    setText(value);
    kept.keep({ text: value });
    setLooked(null);
    setError(null);
  };
  const ask = async (check: boolean) => {
    setBusy(true);
    setError(null);
    try {
      const told = await importShifts(text, check);
      setLooked(told);
      const { change } = told;
      if (change === null) return;
      kept.forget();
      await client.invalidateQueries({ queryKey: ["shifts"] });
      notify({
        color: "green",
        message: (
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">{t("plan.imported", { count: told.days })}</Text>
            <Button size="compact-sm" variant="default" onClick={() => void undo(change.id)}>
              {t("plan.undo")}
            </Button>
          </Group>
        ),
      });
      onClose();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const good = looked !== null && looked.flaws.length === 0;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<Text fw={650}>{t("plan.import")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack data-testid="plan-import">
        <Text size="sm">{t("plan.importHint")}</Text>
        <FileButton
          accept=".csv,text/csv,text/plain"
          onChange={(file) => void (file && textOf(file).then(put))}
        >
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconUpload size={16} />}>
              {t("plan.file")}
            </Button>
          )}
        </FileButton>
        <Textarea
          label={t("plan.lines")}
          placeholder={`agent,day,begins,ends,breaks\nada,${today},09:00,17:00,12:00-12:30 15:00-15:15`}
          autosize
          minRows={6}
          maxRows={14}
          spellCheck={false}
          value={text}
          onChange={({ currentTarget: { value } }) => put(value)}
        />
        {looked !== null && looked.flaws.length > 0 && (
          <Alert color="red" role="alert" title={t("plan.flaws", { count: looked.flaws.length })}>
            <List size="sm">
              {looked.flaws.map((flaw) => (
                <List.Item key={`${flaw.line} ${flaw.message}`}>
                  {t("plan.flawLine", { line: flaw.line ?? 1, message: flaw.message })}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        {good && (
          <Alert color="green" role="status">
            {t("plan.looked", { count: looked.days, agents: looked.agents })}
          </Alert>
        )}
        {error !== null && (
          <Alert color="red" role="alert">
            {words(error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          {good ? (
            <Button loading={busy} onClick={() => void ask(false)}>
              {t("plan.importNow")}
            </Button>
          ) : (
            <Button loading={busy} disabled={text.trim() === ""} onClick={() => void ask(true)}>
              {t("plan.look")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
