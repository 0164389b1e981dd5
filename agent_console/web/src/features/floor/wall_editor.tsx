// A wallboard is laid out by drag: tiles are moved and drawn larger with the pointer, or with the arrow keys
// (Shift: larger, smaller). The grid is 12 by 8, as on the screen.
import {
  Button,
  Card,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTeams } from "@/components/floor/words";
import { useLanguage } from "@/state/choices";
import { useConsole } from "@/state/console";
import { LANGUAGES } from "@/state/format";
import { fitted, freePlace } from "@/state/wall_grid";
import type { Wall, WallBody, WallTile } from "@/wire/floor";
import { Board } from "./wall_board";
import { Properties } from "./wall_properties";

interface Props {
  wall: Wall | null;
  onClose: () => void;
  onSave: (body: WallBody) => Promise<void>;
}

const KINDS = ["figure", "queues", "agents", "clock", "text"] as const;

export function WallEditor({ wall, onClose, onSave }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const border = useConsole((state) => state.live.border);
  const teams = useTeams();
  const [name, setName] = useState(wall?.name ?? "");
  const [team, setTeam] = useState<string | null>(
    wall?.team ?? (border === "everything" ? "" : null),
  );
  const [spoken, setSpoken] = useState<"en" | "zh">(
    wall?.language === "zh" || (wall === null && language === "zh") ? "zh" : "en",
  );
  const [pages, setPages] = useState<WallTile[][]>(
    wall?.layout.pages.map((page) => page.tiles) ?? [FIRST],
  );
  const [seconds, setSeconds] = useState(wall?.layout.seconds ?? 20);
  const [page, setPage] = useState(0);
  const [chosen, setChosen] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const tiles = pages[page] ?? [];
  const setTiles = (after: WallTile[]) =>
    setPages(pages.map((one, at) => (at === page ? after : one)));
  const put = (id: string, part: Partial<WallTile>) =>
    setTiles(tiles.map((tile) => (tile.id === id ? fitted({ ...tile, ...part }) : tile)));
  const tile = tiles.find(({ id }) => id === chosen);
  const add = (kind: WallTile["kind"]) => {
    const place = freePlace(tiles, kind === "figure" ? 3 : 6, kind === "figure" ? 2 : 4);
    const id = crypto.randomUUID().slice(0, 8);
    setTiles([
      ...tiles,
      { ...PLAIN, id, kind, ...place, metric: kind === "figure" ? "waiting" : "" },
    ]);
    setChosen(id);
  };
  const choices = [
    ...(border === "everything" ? [{ value: "", label: t("alert.house") }] : []),
    ...(teams.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  const save = async () => {
    setSaving(true);
    await onSave({
      name,
      team: team ?? "",
      language: spoken,
      layout: { pages: pages.map((one) => ({ tiles: one })), seconds },
      ...(wall === null ? {} : { version: wall.version }),
    });
    setSaving(false);
  };
  return (
    <Stack>
      <Group align="flex-end">
        <TextInput
          label={t("wall.name")}
          maxLength={80}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t("alert.of")}
          data={choices}
          allowDeselect={false}
          value={team}
          onChange={setTeam}
        />
        <Select
          label={t("frame.language")}
          allowDeselect={false}
          data={LANGUAGES}
          value={spoken}
          onChange={(value) => setSpoken(value === "zh" ? "zh" : "en")}
        />
        <NumberInput
          label={t("wall.seconds")}
          min={5}
          max={600}
          value={seconds}
          onChange={(value) => setSeconds(Number(value) || 20)}
        />
      </Group>
      <Group justify="space-between">
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            value={String(page)}
            data={pages.map((_, at) => ({
              value: String(at),
              label: t("wall.page", { number: at + 1 }),
            }))}
            onChange={(value) => {
              setPage(Number(value));
              setChosen(null);
            }}
          />
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={pages.length >= 12}
            onClick={() => {
              setPages([...pages, []]);
              setPage(pages.length);
            }}
          >
            {t("wall.addPage")}
          </Button>
          {pages.length > 1 && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="red"
              onClick={() => {
                setPages(pages.filter((_, at) => at !== page));
                setPage(0);
              }}
            >
              {t("wall.removePage")}
            </Button>
          )}
        </Group>
        <Group gap={4}>
          {KINDS.map((kind) => (
            <Button key={kind} size="compact-sm" variant="light" onClick={() => add(kind)}>
              + {t(`wallTile.${kind}`)}
            </Button>
          ))}
        </Group>
      </Group>
      <Group align="flex-start" wrap="nowrap">
        <Board tiles={tiles} chosen={chosen} onChoose={setChosen} onPut={put} />
        <Card withBorder w={280} style={{ flexShrink: 0 }}>
          {tile === undefined ? (
            <Text size="sm" c="dimmed">
              {t("wall.chooseTile")}
            </Text>
          ) : (
            <Properties
              tile={tile}
              onPut={(part) => put(tile.id, part)}
              onRemove={() => {
                setTiles(tiles.filter(({ id }) => id !== tile.id));
                setChosen(null);
              }}
            />
          )}
        </Card>
      </Group>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button
          loading={saving}
          disabled={name.trim() === "" || team === null}
          onClick={() => void save()}
        >
          {t("action.save")}
        </Button>
      </Group>
    </Stack>
  );
}

const PLAIN = { title: "", metric: "", queue: "", warn: null, bad: null, low: false };

const FIRST: WallTile[] = [
  {
    ...PLAIN,
    id: "waiting",
    kind: "figure",
    metric: "waiting",
    x: 0,
    y: 0,
    w: 4,
    h: 3,
    warn: 3,
    bad: 6,
  },
  {
    ...PLAIN,
    id: "longest",
    kind: "figure",
    metric: "longest_wait",
    x: 4,
    y: 0,
    w: 4,
    h: 3,
    warn: 20,
    bad: 60,
  },
  {
    ...PLAIN,
    id: "level",
    kind: "figure",
    metric: "service_level",
    x: 8,
    y: 0,
    w: 4,
    h: 3,
    warn: 80,
    bad: 70,
    low: true,
  },
  { ...PLAIN, id: "queues", kind: "queues", x: 0, y: 3, w: 7, h: 5 },
  { ...PLAIN, id: "agents", kind: "agents", x: 7, y: 3, w: 5, h: 5 },
];
