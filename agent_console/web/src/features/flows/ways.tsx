// The ways out of a node as a list: where each leads, or a new node for it. The same that the mouse does
// on the canvas, by keyboard.
import { ActionIcon, Group, Select, Stack, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { addAfter } from "./model/adding";
import { portsOf } from "./model/catalogue";
import { edit, type Mistake, show, useEditor, useFlow } from "./model/editor";
import { connect, type FlowNode } from "./model/flow";
import { sentence } from "./model/sentence";
import { summary } from "./model/summary";

const NEW = "new:";

export function Ways({
  id,
  node,
  mistakes,
}: {
  id: string;
  node: FlowNode;
  mistakes: readonly Mistake[];
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const flow = useFlow();
  const catalogue = useEditor((state) => state.catalogue);
  const ports = portsOf(catalogue, node);
  if (ports.length === 0) return null;
  const title = (kind: string) => catalogue.get(kind)?.title ?? kind;
  const targets = Object.entries(flow.nodes).map(([one, other]) => {
    const line = summary(flow, other, language);
    return { value: one, label: `${one} · ${title(other.kind)}${line ? ` · ${line}` : ""}` };
  });
  const fresh = [...catalogue.values()].map((kind) => ({
    value: NEW + kind.name,
    label: t("flow.newOf", { kind: kind.title }),
  }));
  const lead = (port: string, chosen: string | null) => {
    if (chosen?.startsWith(NEW)) addAfter(chosen.slice(NEW.length), id, port);
    else edit("", (now) => connect(now, id, port, chosen));
  };
  return (
    <Stack gap={6}>
      <Text fw={600} size="sm">
        {t("flow.ways")}
      </Text>
      {ports.map(({ name, title: label, about, optional }) => {
        const target = node.ports[name] ?? null;
        const mistake = mistakes.find((one) => one.port === name);
        return (
          <Group key={name} gap={4} wrap="nowrap" align="flex-end">
            <Select
              style={{ flex: 1 }}
              size="xs"
              label={/^[0-9*#]$/.test(name) && about ? `${label}: ${about}` : label}
              description={/^[0-9*#]$/.test(name) ? undefined : about}
              aria-label={t("flow.wayOf", { node: id, way: label })}
              error={mistake ? sentence(mistake, language) : undefined}
              placeholder={optional ? t("flow.wayOptional") : t("flow.wayNowhere")}
              searchable
              clearable
              limit={200}
              data={[
                { group: t("flow.nodes"), items: targets },
                { group: t("flow.newNode"), items: fresh },
              ]}
              value={target}
              onChange={(chosen) => lead(name, chosen)}
            />
            <ActionIcon
              variant="subtle"
              disabled={target === null || !(target in flow.nodes)}
              aria-label={t("flow.goTo", { node: target ?? "" })}
              onClick={() => target !== null && show(target)}
            >
              <IconArrowRight size={16} />
            </ActionIcon>
          </Group>
        );
      })}
    </Stack>
  );
}
