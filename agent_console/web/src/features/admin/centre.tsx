// What holds for the centre as a whole: the time zone in which its day begins.
import { Card, Group, Select, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows, useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { putCentre, readCentre } from "@/wire/rest";

const KEY = ["admin", "centre"];
const SHOWN_MAX = 80;

export function Centre() {
  const { t } = useTranslation();
  const words = useErrorText();
  const client = useQueryClient();
  const [saving, setSaving] = useState(false);
  const query = useQuery({ queryKey: KEY, queryFn: readCentre });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={2} />;
  const zone = query.data.time_zone;

  const choose = async (time_zone: string) => {
    setSaving(true);
    try {
      client.setQueryData(KEY, await putCentre({ time_zone }));
      notify({ id: "centre", color: "green", message: t("admin.zoneSaved", { zone: time_zone }) });
    } catch (error) {
      notify({ id: "centre", color: "red", message: words(error) });
    } finally {
      setSaving(false);
    }
  };
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Group>
          <Select
            label={t("admin.zone")}
            searchable
            allowDeselect={false}
            disabled={saving}
            limit={SHOWN_MAX}
            w={320}
            data={[...new Set([zone, "UTC", ...Intl.supportedValuesOf("timeZone")])]}
            value={zone}
            nothingFoundMessage={t("admin.zoneNone")}
            onChange={(chosen) => chosen && chosen !== zone && void choose(chosen)}
          />
        </Group>
        <Text size="sm" c="dimmed">
          {t("admin.zoneHint")}
        </Text>
      </Stack>
    </Card>
  );
}
