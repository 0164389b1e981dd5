// What two states of a flow have differently: one card a node, prompt or test, old and new side by side.
import { Badge, Card, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ThingChange } from "./model/difference";

const COLORS = { added: "green", removed: "red", changed: "blue" } as const;

const shown = (value: unknown): string =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value, null, 1);

export function DiffView({ changes }: { changes: ThingChange[] }) {
  const { t } = useTranslation();
  if (changes.length === 0) return <Text c="dimmed">{t("flow.noDifference")}</Text>;
  return (
    <Stack gap="xs" data-testid="difference">
      {changes.map(({ part, id, change, settings }) => (
        <Card key={`${part}/${id}`} withBorder padding="xs">
          <Group gap="xs" mb={4}>
            <Badge color={COLORS[change]} variant="light" className="cc-badge">
              {t(`flowChange.${change}`)}
            </Badge>
            <Text size="sm" fw={600}>
              {t(`flowPart.${part}`)} {part === "flow" ? "" : id}
            </Text>
          </Group>
          {settings.map(({ name, before, after }) => (
            <div key={name}>
              {name !== "" && (
                <Text size="xs" c="dimmed">
                  {name}
                </Text>
              )}
              <div className="fd-diff">
                <div className={before === undefined ? "" : "fd-old"}>{shown(before)}</div>
                <div className={after === undefined ? "" : "fd-new"}>{shown(after)}</div>
              </div>
            </div>
          ))}
        </Card>
      ))}
    </Stack>
  );
}
