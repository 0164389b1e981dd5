// B2: wallboards, their layout by drag, and the screens that show them without a login.
import {
  ActionIcon,
  Button,
  Card,
  CopyButton,
  Group,
  Modal,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconDeviceTv, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useTeams } from "@/components/floor/words";
import { useRemoval } from "@/components/removal";
import { useSaving } from "@/components/saving";
import { useLanguage } from "@/state/choices";
import { useServerSecond } from "@/state/clock";
import { moment } from "@/state/format";
import {
  addScreen,
  listWalls,
  removeWall,
  restoreWall,
  revokeScreen,
  saveWall,
  type Wall,
} from "@/wire/floor";
import { WallEditor } from "./wall_editor";

export function Walls() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["news", "walls"], queryFn: listWalls });
  const [editing, setEditing] = useState<Wall | "new" | null>(null);
  const { save } = useSaving(["news", "walls"]);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Rows count={3} />;
  if (editing !== null)
    return (
      <WallEditor
        wall={editing === "new" ? null : editing}
        onClose={() => setEditing(null)}
        onSave={async (body) => {
          const id = editing === "new" ? null : editing.id;
          if (await save(() => saveWall(id, body))) setEditing(null);
        }}
      />
    );
  return (
    <Stack>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {t("wall.hint")}
        </Text>
        <Button
          leftSection={<IconPlus size={16} />}
          style={{ flexShrink: 0 }}
          onClick={() => setEditing("new")}
        >
          {t("wall.new")}
        </Button>
      </Group>
      {query.data.length === 0 && (
        <Card withBorder>
          <Empty icon={IconDeviceTv} title={t("wall.none")} hint={t("wall.noneHint")} />
        </Card>
      )}
      {query.data.map((wall) => (
        <One key={wall.id} wall={wall} onEdit={() => setEditing(wall)} />
      ))}
    </Stack>
  );
}

function One({ wall, onEdit }: { wall: Wall; onEdit: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useServerSecond();
  const teams = useTeams();
  const { save } = useSaving(["news", "walls"]);
  const removal = useRemoval(["news", "walls"]);
  const [adding, setAdding] = useState(false);
  const team = teams.data?.find(({ id }) => id === wall.team)?.name ?? wall.team;
  return (
    <Card withBorder>
      <Group justify="space-between" wrap="nowrap" mb="xs">
        <div style={{ minWidth: 0 }}>
          <Text fw={650} truncate>
            {wall.name}
          </Text>
          <Text size="xs" c="dimmed">
            {wall.team === "" ? t("alert.house") : team}
          </Text>
        </div>
        <Group gap={4} wrap="nowrap">
          <Button size="compact-sm" variant="subtle" onClick={onEdit}>
            {t("action.edit")}
          </Button>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("wall.remove", { name: wall.name })}
            onClick={() =>
              void removal({
                told: t("wall.removed", { name: wall.name }),
                remove: () => removeWall(wall.id),
                putBack: () => restoreWall(wall.id),
              })
            }
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      </Group>
      <Stack gap={4}>
        {wall.screens.map((screen) => (
          <Group key={screen.id} justify="space-between" wrap="nowrap">
            <Text size="sm" truncate>
              {screen.name}{" "}
              <Text span size="xs" c="dimmed">
                {screen.used === null
                  ? t("wall.neverUsed")
                  : t("wall.used", { at: moment(Date.parse(screen.used) / 1000, now, language) })}
              </Text>
            </Text>
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              onClick={() => void save(() => revokeScreen(wall.id, screen.id))}
            >
              {t("wall.revoke")}
            </Button>
          </Group>
        ))}
        <Group>
          <Button
            size="compact-sm"
            variant="light"
            leftSection={<IconPlus size={14} />}
            onClick={() => setAdding(true)}
          >
            {t("wall.addScreen")}
          </Button>
        </Group>
      </Stack>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={<Text fw={650}>{t("wall.addScreen")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <NewScreen wall={wall.id} />
      </Modal>
    </Card>
  );
}

/** The address is shown once: whoever has it sees the figures. */
function NewScreen({ wall }: { wall: string }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const { save, saving } = useSaving(["news", "walls"]);
  const make = () =>
    save(async () => {
      const { token } = await addScreen(wall, name);
      setAddress(`${location.origin}/wall?token=${token}`);
    });
  if (address !== "")
    return (
      <Stack>
        <Text size="sm">{t("wall.addressHint")}</Text>
        <TextInput
          label={t("wall.address")}
          readOnly
          value={address}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={address}>
          {({ copied, copy }) => (
            <Button onClick={copy} variant={copied ? "light" : "filled"}>
              {t(copied ? "wall.copied" : "wall.copy")}
            </Button>
          )}
        </CopyButton>
      </Stack>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <Stack>
        <TextInput
          label={t("wall.screenName")}
          maxLength={80}
          required
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={saving} disabled={name.trim() === ""}>
          {t("wall.make")}
        </Button>
      </Stack>
    </form>
  );
}
