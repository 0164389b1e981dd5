// Putting a flow to use: its mistakes, its test cases run once more, and a note that says why.
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { PublishRefused, publishFlow, runTests } from "@/wire/flows";
import type { OpenedFlow } from "./designer_page";
import { flowNow, setMistakes, show, useEditor } from "./model/editor";
import { writeFlow } from "./model/flow";
import { TestRows } from "./tests_panel";

interface Props {
  name: string;
  opened: OpenedFlow;
  onClose(): void;
}

export function PublishDialog({ name, opened, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const mistakes = useEditor((state) => state.mistakes);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [version, setVersion] = useState<number | null>(null);
  const tests = useQuery({
    queryKey: ["flows", "publish-tests", name],
    queryFn: () => runTests(name, writeFlow(flowNow())),
    staleTime: 0,
    gcTime: 0,
    enabled: mistakes.length === 0,
  });
  const publish = async () => {
    if (opened.saver === null) return;
    setBusy(true);
    setError(null);
    try {
      await opened.saver.flush();
      const published = await publishFlow(name, opened.saver.revision, note);
      setVersion(published.version);
      await client.invalidateQueries({ queryKey: ["flows"] });
    } catch (problem) {
      if (problem instanceof PublishRefused) setMistakes(problem.mistakes);
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const first = mistakes.find(({ node }) => node !== "");
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<Text fw={650}>{t("flow.publishTitle")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {version !== null ? (
        <Stack>
          <Alert color="green" data-testid="published">
            {t("flow.published", { version })}
          </Alert>
          <Button onClick={onClose}>{t("action.close")}</Button>
        </Stack>
      ) : (
        <Stack>
          <Text size="sm">{t("flow.publishHint")}</Text>
          {mistakes.length > 0 ? (
            <Alert color="red" title={t("flow.mistakes", { count: mistakes.length })}>
              <Text size="sm">{t("flow.publishMend")}</Text>
              {first && (
                <Button
                  mt="xs"
                  size="xs"
                  variant="default"
                  onClick={() => {
                    show(first.node.split(".")[0] ?? first.node);
                    onClose();
                  }}
                >
                  {t("flow.showFirst")}
                </Button>
              )}
            </Alert>
          ) : tests.data ? (
            <TestRows results={tests.data} />
          ) : (
            <Rows count={2} />
          )}
          <TextInput
            label={t("flow.publishNote")}
            description={t("flow.publishNoteHint")}
            maxLength={300}
            data-autofocus
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {error !== null && <Failure error={error} />}
          <Group>
            <Button
              loading={busy}
              disabled={mistakes.length > 0 || tests.data?.passed === false}
              onClick={() => void publish()}
            >
              {t("flow.publish")}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
