// Rings: after some waiting less skill is asked for, and more agents may take the call.
import {
  ActionIcon,
  Button,
  Card,
  Group,
  MultiSelect,
  NumberInput,
  Stack,
  Text,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { QueueFormState } from "./queue_fields";
import { freshKey } from "./queue_values";
import { SkillsEditor } from "./skills_editor";

const RINGS_MAX = 6;

export function QueueRings({
  form,
  groups,
}: {
  form: QueueFormState;
  groups: { value: string; label: string }[];
}) {
  const { t } = useTranslation();
  const { rings } = form.values;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        {t("admin.rings")}
      </Text>
      <Text size="xs" c="dimmed">
        {t("admin.ringsHint")}
      </Text>
      {form.errors.rings && (
        <Text size="xs" c="red" role="alert">
          {form.errors.rings}
        </Text>
      )}
      {rings.map((ring, place) => (
        <Card key={ring.key} withBorder padding="sm">
          <Group align="flex-start" justify="space-between" wrap="nowrap">
            <NumberInput
              label={t("admin.ringAfter")}
              min={1}
              max={7200}
              allowDecimal={false}
              {...form.getInputProps(`rings.${place}.after_seconds`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("admin.removeRing", { place: place + 1 })}
              onClick={() => form.removeListItem("rings", place)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
          <SkillsEditor
            label={t("admin.ringMinima")}
            hint={t("admin.ringMinimaHint")}
            value={ring.minima}
            onChange={(minima) => form.setFieldValue(`rings.${place}.minima`, minima)}
          />
          <MultiSelect
            mt="xs"
            label={t("admin.ringGroups")}
            description={t("admin.ringGroupsHint")}
            data={groups}
            searchable
            maxValues={50}
            {...form.getInputProps(`rings.${place}.groups`)}
          />
        </Card>
      ))}
      {rings.length < RINGS_MAX && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            form.insertListItem("rings", {
              key: freshKey(),
              after_seconds: (Number(rings.at(-1)?.after_seconds) || 0) + 30,
              minima: {},
              groups: [],
            })
          }
        >
          {t("admin.addRing")}
        </Button>
      )}
    </Stack>
  );
}
