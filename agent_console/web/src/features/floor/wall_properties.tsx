// What a tile shows, and from where on it turns yellow and red.
import { Button, Checkbox, Group, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { METRICS } from "@/components/floor/words";
import { useQueueNames } from "@/state/choices";
import type { WallTile } from "@/wire/floor";

export function Properties({
  tile,
  onPut,
  onRemove,
}: {
  tile: WallTile;
  onPut: (part: Partial<WallTile>) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const queues = useQueueNames();
  const limit = (value: number | string) => (value === "" ? null : Number(value));
  return (
    <Stack gap="xs">
      <TextInput
        label={t(tile.kind === "text" ? "wall.text" : "wall.title")}
        maxLength={80}
        value={tile.title ?? ""}
        onChange={(event) => onPut({ title: event.currentTarget.value })}
      />
      {tile.kind === "figure" && (
        <>
          <Select
            label={t("alert.metric")}
            allowDeselect={false}
            data={METRICS.map((value) => ({ value, label: t(`metric.${value}`) }))}
            value={tile.metric ?? "waiting"}
            onChange={(metric) => onPut({ metric: metric ?? "waiting" })}
          />
          <Select
            label={t("alert.queue")}
            clearable
            placeholder={t("wall.allQueues")}
            data={Object.entries(queues).map(([value, label]) => ({ value, label }))}
            value={tile.queue || null}
            onChange={(queue) => onPut({ queue: queue ?? "" })}
          />
          <Group grow>
            <NumberInput
              label={t("wall.warn")}
              value={tile.warn ?? ""}
              onChange={(value) => onPut({ warn: limit(value) })}
            />
            <NumberInput
              label={t("wall.bad")}
              value={tile.bad ?? ""}
              onChange={(value) => onPut({ bad: limit(value) })}
            />
          </Group>
          <Checkbox
            label={t("wall.low")}
            checked={tile.low ?? false}
            onChange={(event) => onPut({ low: event.currentTarget.checked })}
          />
        </>
      )}
      <Button variant="light" color="red" size="compact-sm" onClick={onRemove}>
        {t("wall.removeTile")}
      </Button>
    </Stack>
  );
}
