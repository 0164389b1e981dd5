// What an administrator may do with one recording: keep it whatever the rules say, or erase it for good.
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { IconLock, IconLockOpen, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/components/use_command";
import { useSession } from "@/state/session";
import { eraseRecording, holdRecording, readRecording } from "@/wire/recordings";

const WHY_MIN = 3;

export function Keeping({ recording }: { recording: string }) {
  const { t } = useTranslation();
  const { role } = useSession();
  const queries = useQueryClient();
  const { run, pending } = useCommand();
  const [asking, setAsking] = useState<"hold" | "erase" | null>(null);
  const [why, setWhy] = useState("");
  const query = useQuery({
    queryKey: ["recording", recording],
    queryFn: () => readRecording(recording),
  });
  const one = query.data;
  if (one === undefined || one.state === "erased") return null;
  const act = async (what: () => Promise<unknown>) => {
    const done = await run(async () => {
      await what();
      await queries.invalidateQueries({ queryKey: ["recording", recording] });
      await queries.invalidateQueries({ queryKey: ["recordings"] });
    });
    if (done) {
      setAsking(null);
      setWhy("");
    }
  };
  return (
    <Stack gap="xs">
      {one.held && (
        <Text size="sm">
          {t("recordings.heldBecause")} {one.held_why}
        </Text>
      )}
      {role === "administrator" && (
        <Group>
          <Button
            size="xs"
            variant="default"
            disabled={pending}
            leftSection={one.held ? <IconLockOpen size={14} /> : <IconLock size={14} />}
            onClick={() =>
              one.held ? void act(() => holdRecording(recording, false, "")) : setAsking("hold")
            }
          >
            {t(one.held ? "recordings.release" : "recordings.hold.set")}
          </Button>
          <Button
            size="xs"
            color="red"
            variant="light"
            disabled={pending || one.held}
            leftSection={<IconTrash size={14} />}
            onClick={() => setAsking("erase")}
          >
            {t("recordings.erase")}
          </Button>
        </Group>
      )}
      <Modal
        opened={asking !== null}
        onClose={() => setAsking(null)}
        title={
          <Text fw={650}>{t(asking === "erase" ? "recordings.erase" : "recordings.hold.set")}</Text>
        }
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <Stack>
          {asking === "erase" && <Text size="sm">{t("recordings.eraseHint")}</Text>}
          <TextInput
            data-autofocus
            label={t("recordings.why")}
            maxLength={300}
            value={why}
            onChange={(event) => setWhy(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(null)}>
              {t("action.cancel")}
            </Button>
            <Button
              color={asking === "erase" ? "red" : "blue"}
              disabled={pending || why.trim().length < WHY_MIN}
              onClick={() =>
                void act(() =>
                  asking === "erase"
                    ? eraseRecording(recording, why)
                    : holdRecording(recording, true, why),
                )
              }
            >
              {t(asking === "erase" ? "recordings.erase" : "recordings.hold.set")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}
