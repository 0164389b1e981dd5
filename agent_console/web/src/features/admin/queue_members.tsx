// Who serves the queue: a switch an agent, and for a fixed order the arrows.
import { ActionIcon, Badge, Group, Stack, Switch, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/feedback";
import type { AgentEntry } from "@/wire/rest";

interface Props {
  agents: AgentEntry[];
  value: string[];
  ordered: boolean;
  onChange: (members: string[]) => void;
}

export function QueueMembers({ agents, value, ordered, onChange }: Props) {
  const { t } = useTranslation();
  if (agents.length === 0) {
    return <Empty icon={IconUsers} title={t("queue.noAgents")} hint={t("queue.noAgentsHint")} />;
  }
  const named = new Map(agents.map((agent) => [agent.id, agent]));
  const others = agents.filter(({ id }) => !value.includes(id));
  const rows = [...value.flatMap((id) => named.get(id) ?? []), ...others];
  const move = (place: number, by: number) => {
    const after = [...value];
    const [taken] = after.splice(place, 1);
    if (taken !== undefined) after.splice(place + by, 0, taken);
    onChange(after);
  };
  const turn = (id: string, on: boolean) =>
    onChange(on ? [...value, id] : value.filter((one) => one !== id));
  return (
    <Stack gap={4} role="group" aria-label={t("admin.members")}>
      <Text size="sm" fw={500}>
        {t("admin.members")}
      </Text>
      <Text size="xs" c="dimmed">
        {ordered ? t("admin.membersHint") : t("admin.membersSwitch")}
      </Text>
      {rows.map((agent) => {
        const place = value.indexOf(agent.id);
        return (
          <Group key={agent.id} gap="xs" wrap="nowrap" justify="space-between" className="cc-row">
            <Switch
              checked={place >= 0}
              onChange={(event) => turn(agent.id, event.currentTarget.checked)}
              label={agent.name}
            />
            <Group gap={4} wrap="nowrap">
              {Object.entries(agent.skills ?? {})
                .slice(0, 4)
                .map(([skill, level]) => (
                  <Badge key={skill} variant="light" color="gray" className="cc-badge">
                    {skill} {level}
                  </Badge>
                ))}
              {ordered && place >= 0 && (
                <>
                  <ActionIcon
                    variant="subtle"
                    disabled={place === 0}
                    aria-label={t("admin.earlier", { name: agent.name })}
                    onClick={() => move(place, -1)}
                  >
                    <IconArrowUp size={16} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    disabled={place === value.length - 1}
                    aria-label={t("admin.later", { name: agent.name })}
                    onClick={() => move(place, 1)}
                  >
                    <IconArrowDown size={16} />
                  </ActionIcon>
                </>
              )}
            </Group>
          </Group>
        );
      })}
    </Stack>
  );
}
