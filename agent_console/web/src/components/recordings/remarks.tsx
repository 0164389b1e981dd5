// Remarks at a moment of a recording: read, gone to, written, taken away.
import { ActionIcon, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/components/use_command";
import { duration } from "@/state/format";
import { useKeptForm } from "@/state/kept_form";
import { useSession } from "@/state/session";
import { commentRecording, type RecordingDetail, uncommentRecording } from "@/wire/recordings";

export function Remarks({
  detail,
  at,
  onGo,
}: {
  detail: RecordingDetail;
  at: number;
  onGo: (second: number) => void;
}) {
  const { t } = useTranslation();
  const { role } = useSession();
  const queries = useQueryClient();
  const { run, pending } = useCommand();
  const kept = useKeptForm(`remark-${detail.id}`, "");
  const [text, setText] = useState(kept.first);
  const change = (next: string) => {
    setText(next);
    kept.keep(next);
  };
  const changed = () => queries.invalidateQueries({ queryKey: ["recording", detail.id] });
  const add = () =>
    run(async () => {
      await commentRecording(detail.id, at, text);
      change("");
      await changed();
    });
  const remove = (comment: string) =>
    run(async () => {
      await uncommentRecording(detail.id, comment);
      await changed();
    });
  return (
    <Stack gap="xs">
      {detail.comments.map((one) => (
        <Group key={one.id} gap="xs" wrap="nowrap" align="flex-start" data-testid="remark">
          <Button
            size="compact-xs"
            variant="light"
            className="cc-figures"
            onClick={() => onGo(one.at_seconds)}
          >
            {duration(one.at_seconds)}
          </Button>
          <div style={{ flex: 1, minWidth: 0 }}>
            <Text size="sm" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
              {one.text}
            </Text>
            <Text size="xs" c="dimmed">
              {one.author}
            </Text>
          </div>
          {(one.mine || role === "administrator") && (
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={pending}
              aria-label={t("recordings.remarkRemove")}
              onClick={() => void remove(one.id)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      <Group align="flex-end" wrap="nowrap">
        <Textarea
          style={{ flex: 1 }}
          label={t("recordings.remarkAt", { moment: duration(at) })}
          autosize
          maxRows={6}
          maxLength={2000}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={pending || text.trim() === ""}
          onClick={() => void add()}
        >
          {t("recordings.remarkAdd")}
        </Button>
      </Group>
    </Stack>
  );
}
